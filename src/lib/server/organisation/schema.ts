// The shape of a description: everything Candor knows of an organisation. The portal's code names no organisation.
import { z } from 'zod';
import { quietHours } from './contact-rules.ts';
import { evidenceCodes } from './evidence.ts';
import { listener } from './listeners.ts';
import {
	code,
	colour,
	country,
	day,
	duration,
	fieldCode,
	flow,
	invented,
	languageTag,
	lawfulBasis,
	references,
	refers,
	text,
	url
} from './values.ts';

const contact = z.strictObject({
	name: text,
	role: text.optional(),
	email: z.email().optional(),
	phone: z.string().optional(),
	address: text.optional(),
	url: url.optional(),
	invented,
	/** The name is the published one, only the ways to reach it are made up. */
	inventedContacts: invented
});

const organisation = z.strictObject({
	id: code,
	name: text,
	/** One sentence under the name on public pages. */
	about: text,
	address: text,
	website: url,
	jurisdiction: text,
	/** The country whose holidays and law apply to the organisation itself. */
	country,
	/** One colour, from which the theme is derived, and a logo file of the description folder (SVG). */
	look: z.strictObject({ colour, logo: z.string() }),
	officer: contact,
	support: contact,
	/**
	 * Whose mails are handed to the portal (`/webhooks/mail`, `candor mail receive`): messages can be stopped by a mail to it, and
	 * what bounces comes back to it. Without one they are stopped by their link alone, and bounces go to the sender.
	 */
	mailbox: z.email().optional(),
	/** Bodies outside that help a person, by country ("*" for everybody). */
	authorities: z.array(contact.extend({ countries: z.array(z.union([country, z.literal('*')])).min(1) })),
	/** Address and website are made up. */
	invented
});

const role = z.strictObject({
	id: code,
	label: text,
	about: text,
	/** Roles for whose children this one obtains and keeps the parents' consents: a teacher for students. */
	consentsFor: z.array(refers('roles')).min(1).optional()
});

const identifier = z.strictObject({
	kind: z.enum(['email', 'phone', 'username']),
	required: z.boolean().default(false),
	label: text.optional(),
	/** `verification`: given for signing in safely and used for nothing else, where an import does not say otherwise. */
	use: z.enum(['contact', 'verification']).default('contact')
});

const field = z.strictObject({
	id: fieldCode,
	label: text,
	type: z.enum([
		'text',
		'long-text',
		'email',
		'phone',
		'url',
		'date',
		'choice',
		'country',
		'language',
		'time-zone',
		'image',
		'list',
		'number',
		'instant'
	]),
	/** For `choice`: what may be chosen. */
	choices: z.array(z.strictObject({ id: code, label: text })).optional(),
	maxLength: z.int().positive().max(10_000).optional(),
	required: z.boolean().default(false),
	/** Why a required field can't be erased; demanded where `required` is true. */
	requiredBecause: text.optional(),
	editable: z.boolean().default(false),
	/** What happens when the value is changed or erased; shown before. */
	consequence: text.optional(),
	visibility: z.enum(['everyone', 'members', 'nobody']).default('nobody'),
	/** Among what the person may choose instead; all three where left out, fixed where it is `visibility` alone. */
	visibilityChoices: z
		.array(z.enum(['everyone', 'members', 'nobody']))
		.min(1)
		.optional(),
	/** How the value comes in, unless the value itself says so. */
	source: refers('origins').optional(),
	/** Roles that have the field; every role of the category without it. */
	roles: z.array(refers('roles')).optional(),
	/** This field *is* the identifier of that kind: changing it takes a code at the new address. */
	identifier: z.enum(['email', 'phone', 'username']).optional()
});

const category = z.strictObject({
	id: code,
	label: text,
	about: text,
	/** `profile`: one value per field and person. `records`: many dated entries. */
	kind: z.enum(['profile', 'records']),
	group: z.enum(['given', 'observed', 'received']),
	icon: z.enum([
		'person',
		'contact',
		'device',
		'location',
		'clock',
		'payment',
		'message',
		'image',
		'link',
		'heart',
		'book',
		'school',
		'shield',
		'activity',
		'calendar',
		'document'
	]),
	roles: z.array(refers('roles')).optional(),
	purposes: z.array(refers('purposes')).min(1),
	/** Where it came from: ids of `origins`. */
	origins: z.array(refers('origins')).min(1),
	/** Id of `storage`. */
	storage: refers('storage'),
	/** Id of `retention`. */
	retention: refers('retention'),
	/** Somebody else holds the details, such as the card number at the payment company. */
	heldElsewhere: z.strictObject({ what: text, partner: refers('partners') }).optional(),
	fields: z.array(field).min(1),
	invented
});

const purpose = z.strictObject({
	id: code,
	label: text,
	about: text,
	basis: lawfulBasis,
	refusable: z.boolean(),
	/**
	 * Data is sold or shared for it, or picks advertisements (California Civil Code § 1798.140), although neither a cookie that is
	 * not needed nor an advertising partner serves it: a browser's signal turns it off like those (Global Privacy Control).
	 */
	sold: z.boolean().default(false),
	/** What stops working when it is refused; demanded where `refusable`. */
	whenRefused: text.optional()
});

const partner = z.strictObject({
	id: code,
	name: z.string().min(1),
	/** Apart on purpose: a processor works for the organisation; a connection was chosen by the person; the others are third parties. */
	kind: z.enum(['processor', 'connection', 'advertising', 'joint', 'authority', 'research']),
	purpose: refers('purposes'),
	about: text,
	fields: z.array(z.strictObject({ category: refers('categories'), field: fieldCode.optional() })).min(1),
	basis: lawfulBasis,
	/** The person decides; `whenWithdrawn` says what stops working. */
	consent: z.boolean().default(false),
	whenWithdrawn: text.optional(),
	country,
	policy: url,
	/** Where it sits: a Californian disclosure names it (Civil Code § 1798.83(b)). */
	address: z.string().min(1).max(200).optional(),
	roles: z.array(refers('roles')).optional(),
	webhook: url.optional(),
	/** It sends messages for the organisation by these ways, and is told by its webhook whenever an answer may be another one. */
	carries: z.array(refers('channels')).min(1).optional(),
	invented
});

const channelId = z.enum(['email', 'sms', 'phone', 'push']);
const channelReference = z.enum(channelId.options);
references.set(channelReference.def, 'channels');

const channel = z.strictObject({
	id: channelId,
	label: text,
	/** How many messages leave this way in a minute at most, over all processes. */
	perMinute: z.int().min(1).optional()
});

const topic = z.strictObject({
	id: code,
	label: text,
	about: text,
	essential: z.boolean().default(false),
	/** Why it can't be refused; demanded where `essential`. */
	essentialBecause: text.optional(),
	marketing: z.boolean().default(false),
	/** What it is sent for: whoever switches that purpose off, or objects to it, gets none of these messages. */
	purpose: refers('purposes').optional(),
	channels: z.array(channelReference).min(1),
	/** State before the person ever chose. Marketing needs a yes where the law of the person's country says so. */
	default: z.enum(['on', 'off']),
	roles: z.array(refers('roles')).optional()
});

/** What carriers want whoever writes HELP to read, and what STOP stops. */
const sms = z.strictObject({
	/** What the messages are, and how often they come, without a full stop. */
	programme: text.optional(),
	frequency: text.optional(),
	/** `all`: one STOP stops everything that can be refused by SMS; `topic`: that of the last message, and all of it said again. */
	stop: z.enum(['all', 'topic']).default('all'),
	/** Somebody answers text messages. Without it what people write is put aside after `closeDays`. */
	support: z.boolean().default(false),
	closeDays: z.int().min(1).max(365).default(30),
	invented
});

const retention = z.strictObject({
	id: code,
	label: text,
	/** ISO 8601 duration (`P90D`, `P5Y`); without it: until the person leaves. */
	for: duration.optional(),
	from: z.enum(['record', 'leaving', 'purpose-met']),
	/** Kept after the person has left: why, by which law, how long. */
	afterLeaving: z
		.strictObject({ for: z.string().regex(/^P(\d+Y)?(\d+M)?(\d+D)?$/), law: text, what: text })
		.optional(),
	invented
});

const cookie = z.strictObject({
	name: z.string().min(1),
	by: z.string().min(1),
	about: text,
	purpose: refers('purposes'),
	lasts: text,
	necessary: z.boolean(),
	invented
});

/** A way in which a guardian or school agrees so that it can be verified (COPPA 16 CFR 312.5(b), PIPA Decree Art. 17-2). */
const consentWay = z.strictObject({
	id: code,
	label: text,
	about: text,
	/** Who sees that it is so: the portal, by a code to the guardian's own address; staff or school, by evidence on file. */
	proof: z.enum(['email-code', 'sms-code', 'staff', 'school']),
	/** `sharing`: also that data is passed on to partners, which some ways are too weak for. */
	covers: z
		.array(z.enum(['use', 'sharing']))
		.min(1)
		.default(['use', 'sharing']),
	/** Whether a scanned or photographed paper has to be on file before staff confirm it. */
	paper: z.boolean().default(false),
	invented
});

const minors = z.strictObject({
	/** Age from which a person decides alone, by country; "*" elsewhere. */
	age: z.record(z.string(), z.int().min(0).max(21)),
	/** Age at which the rights of guardians and schools end, by country. */
	majority: z.record(z.string(), z.int().min(14).max(25)).default({ '*': 18 }),
	consentBy: z.array(z.enum(['guardian', 'school'])).min(1),
	about: text,
	ways: z.array(consentWay).default([]),
	/** The sample form that a school hands to parents; what is held, why and who gets it is added by the portal. */
	form: z.strictObject({ title: text, intro: text, statement: text, contact: text }).optional(),
	/** Days within which a school shows the evidence that was asked for. */
	evidenceDays: z.int().min(1).max(60).default(14),
	/** Days from a report that a child's data is held without consent until it is destroyed. */
	reportDays: z.int().min(1).max(30).default(3),
	invented
});

const withdrawal = z.strictObject({
	graceDays: z.int().min(0).max(90),
	/** How long partners that were told of an erasure may take to answer, before the case is closed without them. */
	followUpDays: z.int().min(1).max(90).default(30),
	reasons: z.array(z.strictObject({ id: code, label: text })),
	about: text,
	invented
});

const requests = z.strictObject({
	/** Days within which the organisation says that it answers; the legal clocks apply beside it. */
	answerDays: z.int().positive(),
	regimes: z.array(z.enum(['gdpr', 'ccpa', 'california-shine-the-light', 'pipa', 'coppa', 'ferpa'])).min(1),
	/** What asking costs, said before anybody asks. Europe and California are free of it whatever stands here. */
	fees: z
		.array(
			z.strictObject({
				kinds: z.array(z.enum(['access', 'copy', 'portability'])).min(1),
				countries: z.array(country).min(1),
				amount: z.number().positive().max(1_000),
				currency: z.string().regex(/^[A-Z]{3}$/, 'a currency code such as "USD"'),
				why: text
			})
		)
		.default([])
});

const staff = z.strictObject({
	/** How old the password of a staff member may become. */
	passwordDays: z.int().min(1).max(365).default(90)
});

const control = z.strictObject({
	id: code,
	label: text,
	/** Who writes down that it was done: `candor backup`, `candor backup keys`, or staff by hand. */
	by: z.enum(['backup', 'keys-backup', 'staff']),
	/** Overdue when it was last done longer ago. */
	everyDays: z.int().min(1).max(3_650).optional(),
	invented
});

const promise = z.strictObject({
	id: z.string().regex(/^[A-Z]{2,4}\d{1,3}$/, 'an id of capital letters and a number, such as "CT1"'),
	text,
	/** The page on which the person exercises or sees it. */
	page: z.string().startsWith('/').optional(),
	/** What the portal works out and shows beside it. */
	evidence: z.enum(evidenceCodes).optional(),
	planned: z.boolean().default(false)
});

const named = z.strictObject({ id: code, label: text, invented });

export const descriptionSchema = z.strictObject({
	format: z.literal(1),
	/** Only a shipped example may mark promises as planned and facts as invented. */
	example: z.boolean().default(false),
	organisation,
	languages: z.array(languageTag).min(1),
	roles: z.array(role).min(1),
	identifiers: z.array(identifier).min(1),
	origins: z.array(named).min(1),
	storage: z.array(named.extend({ country, provider: z.string() })).min(1),
	categories: z.array(category).min(1),
	purposes: z.array(purpose).min(1),
	partners: z.array(partner),
	channels: z.array(channel).min(1),
	sms: sms.prefault({}),
	topics: z.array(topic).min(1),
	quietHours: z.array(quietHours).default([]),
	retention: z.array(retention).min(1),
	cookies: z.array(cookie),
	minors: minors.optional(),
	withdrawal,
	requests,
	staff: staff.prefault({}),
	/** Accounts of staff, by the organisation's own ids, to which a drill of a breach goes; nobody else ever gets one. */
	incidents: z.strictObject({ drillPeople: z.array(z.string().min(1).max(64)) }).optional(),
	policies: z.strictObject({
		/** Days between announcement and effect. */
		noticeDays: z.strictObject({ ordinary: z.int().min(0), significant: z.int().min(0) }),
		governingLaw: text
	}),
	/** What the organisation does outside the portal, and how often: copies, shredded paper, training. */
	controls: z.array(control).default([]),
	/** Systems of the organisation's own that are told what happens here. */
	listeners: z.array(listener).default([]),
	promises: z.array(promise)
});

/** What a version brings that no earlier one covered; every purpose, field and flow is introduced by exactly one. */
export const introducesSchema = z.strictObject({
	purposes: z.array(code).default([]),
	/** Fields that are collected, by category. */
	fields: z.record(z.string(), z.array(fieldCode)).default({}),
	/** What a partner receives, by partner; one that stands in an earlier version too receives more. */
	partners: z.record(z.string(), z.array(flow)).default({})
});

/** `policies/<version>/meta.yaml`; the text stands beside it, one Markdown file a language. */
export const policyMetaSchema = z.strictObject({
	announced: day,
	effective: day,
	significant: z.boolean(),
	summary: text,
	/** What changed, a line each, for the notice. */
	changes: z.array(text).default([]),
	introduces: introducesSchema.optional(),
	invented
});

export type Description = z.infer<typeof descriptionSchema>;
export type Introduces = z.infer<typeof introducesSchema>;
export type PolicyMeta = z.infer<typeof policyMetaSchema>;

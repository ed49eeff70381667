// The shape of a description: everything Candor knows of an organisation. The portal's code names no organisation.
import { z } from 'zod';
import { quietHours, reconfirmation } from './contact-rules.ts';
import { evidenceCodes } from './evidence.ts';
import { listener } from './listeners.ts';
import { control, minors, requests, staff, withdrawal } from './schema/duties.ts';
import { category } from './schema/held.ts';
import { identifier, organisation, role } from './schema/people.ts';
import { source } from './schema/sources.ts';
import {
	code,
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
	whenRefused: text.optional(),
	/**
	 * A machine alone decides something that matters to the person (GDPR Art. 22): by what it decides, and what follows for them.
	 * Left out: the portal says that there is no such decision.
	 */
	automatedDecision: text.optional()
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
	reconfirmation: reconfirmation.optional(),
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
	/** Systems of the organisation's own that are read where they are; a category of one of them is not held here. */
	sources: z.array(source).default([]),
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

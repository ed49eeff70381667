// Shapes of the API that are nobody else's.
import { channels, kinds, type Kind } from '$lib/server/requests/requests';
import { z } from 'zod';

export const supportLinkShape = z.strictObject({
	person: z
		.string()
		.regex(/^[A-Za-z0-9._~-]{1,64}$/, 'external-id-invalid')
		.describe('External id.'),
	page: z.string().max(200).describe('A personal page, such as /export or /data/contact.'),
	language: z
		.string()
		.max(40)
		.optional()
		.describe('A language of the description; the person’s own where left out.'),
	expiresIn: z
		.int()
		.min(60, 'expiry-out-of-range')
		.max(2_592_000, 'expiry-out-of-range')
		.optional()
		.describe('Seconds; a week where left out.')
});

const words = (about: string) =>
	z
		.record(z.string().max(40), z.string().min(1).max(5_000))
		.describe(`${about}, by language of the description.`);
const externalId = z.string().regex(/^[A-Za-z0-9._~-]{1,64}$/, 'external-id-invalid');
const code = z.string().min(1).max(100);
const moment = z.iso.datetime({ offset: true, error: 'not-instant' });

export const incidentShape = z
	.strictObject({
		what: words('What happened'),
		consequences: words('What may follow').optional(),
		measures: words('What is being done').optional(),
		advice: words('What people can do').optional(),
		knownAt: moment.describe('When the organisation learned of it; the 72 hours run from here.'),
		happenedFrom: moment.optional(),
		happenedTo: moment.optional(),
		fields: z
			.array(code)
			.min(1)
			.max(500)
			.describe('Codes `category.field`, or a category for all of its fields.'),
		affected: z
			.union([
				z.strictObject({ everybody: z.literal(true) }),
				z.strictObject({ people: z.array(externalId).min(1).max(5_000).describe('External ids.') }),
				z.strictObject({
					roles: z.array(code).max(50).optional(),
					countries: z
						.array(z.string().regex(/^[A-Z]{2}$/, 'not-country'))
						.max(250)
						.optional(),
					receivedBy: code.optional().describe('A partner that received something about them.'),
					holds: code.optional().describe('A category of which something is held.')
				})
			])
			.describe('Everybody, a list, or all that is named must be true.'),
		drill: z.boolean().optional().describe('Practice: only accounts for practising are ever told.')
	})
	.describe('A breach. It is recorded; staff look at the notices and send them.');

export const requestShape = z.strictObject({
	kind: z.enum(kinds.filter((kind) => kind !== 'appeal') as [Kind, ...Kind[]]),
	text: z.string().max(5_000).optional().describe('In the person’s own words.'),
	subject: z.string().max(100).optional().describe('`category.field` or `category`, for a correction.'),
	channel: z
		.enum([...channels, 'api'])
		.default('api')
		.describe('By which way it came in; the person reads it.'),
	receivedAt: z.iso
		.datetime({ offset: true })
		.optional()
		.describe('From when the clock runs; now where left out, at most a year back.'),
	proved: z
		.boolean()
		.default(false)
		.describe('Your system has made sure that it is this person; else they confirm it in the portal first.')
});

export const choiceShape = z.strictObject({
	channel: code.describe('A channel of the description.'),
	topic: code.describe('A topic that the person can get by it.'),
	allowed: z.boolean()
});

export const choicesShape = z.strictObject({
	changes: z
		.array(choiceShape)
		.min(1)
		.max(1_000)
		.refine(
			(changes) =>
				new Set(changes.map(({ channel, topic }) => `${channel} ${topic}`)).size === changes.length,
			'choice-twice'
		)
		.describe('All of them or none; each choice once.')
});

export const preferencesShape = z
	.union([choiceShape, choicesShape])
	.describe('What somebody told another system of yours; what is not named stays as it is.');

// Promise: one description of what comes in serves the commands, the API and its published schema.
import { z } from 'zod';

const longest = 1_000_000;
const noNul = (text: string) => !text.includes('\0');
const text = z.string().max(longest).refine(noNul, 'nul');
const code = z.string().max(100).refine(noNul, 'nul');

const externalId = z
	.string()
	.regex(/^[A-Za-z0-9._~-]{1,64}$/, 'external-id-invalid')
	.describe(
		'The organisation’s own id of the person. It reaches URLs, so nothing like an email address or phone number.'
	);

const fieldValue = z
	.union([text, z.number(), z.array(text).max(100)])
	.nullable()
	.describe('A text, a number or a list of texts; null erases an optional value.');

const day = z.iso.date('not-date');
const moment = z
	.union([z.iso.datetime({ offset: true, error: 'not-date' }), day], { error: 'not-date' })
	.describe('An instant with zone, or a day.');

export const personShape = z
	.strictObject({
		externalId,
		role: code,
		language: code.describe('A language of the description.'),
		timeZone: code.describe('An IANA time zone.'),
		country: z
			.string()
			.regex(/^[A-Z]{2}$/, 'country-unknown')
			.describe('ISO 3166-1 alpha-2.'),
		region: z
			.string()
			.regex(/^[A-Z0-9]{1,3}$/, 'region-unknown')
			.nullable()
			.optional()
			.describe('The part of ISO 3166-2 after the hyphen.'),
		bornOn: day.nullable().optional(),
		identifiers: z
			.strictObject({
				email: text.nullable().optional(),
				phone: text.nullable().optional(),
				username: text.nullable().optional()
			})
			.default({}),
		uses: z
			.strictObject({
				email: z.enum(['contact', 'verification']).optional(),
				phone: z.enum(['contact', 'verification']).optional()
			})
			.optional()
			.describe('`verification`: given for signing in safely, and used for nothing else.'),
		profile: z.record(z.string().max(100), fieldValue).default({}),
		guardians: z
			.array(externalId)
			.max(20)
			.optional()
			.describe('External ids of people who are there, or come later in the same file.'),
		signedUpAnew: z
			.union([z.boolean(), z.literal('true').transform(() => true)])
			.optional()
			.describe('The person came back after an erasure.')
	})
	.describe('A person. What is left out stays as it is.');

/** Without the external id, which the address names. */
export const personBody = personShape
	.omit({ externalId: true })
	.extend({ externalId: externalId.optional() });

export const recordShape = z
	.looseObject({
		person: externalId,
		category: code,
		id: z
			.string()
			.regex(/^[A-Za-z0-9._~:-]{1,100}$/, 'not-id')
			.describe('The organisation’s own id within the category; the same id again replaces.'),
		at: moment,
		origin: code.optional().describe('An origin of the category; its first one where left out.')
	})
	.describe('A record: every further member is a field of the category.');

const bases = [
	'consent',
	'contract',
	'legal-obligation',
	'vital-interests',
	'public-task',
	'legitimate-interests'
] as const;

export const disclosureShape = z.strictObject({
	person: externalId,
	partner: code,
	fields: z.array(code).min(1).max(200).describe('Codes `category.field`.'),
	purpose: code,
	at: moment.optional().describe('When it happened; an instant of the past is recorded as told afterwards.'),
	basis: z
		.enum(bases)
		.optional()
		.describe(
			'The partner’s own ground where left out; `legal-obligation` and `vital-interests` need a reference.'
		),
	reference: z
		.string()
		.max(200)
		.refine(noNul, 'nul')
		.optional()
		.describe(
			'The case of a legal demand, the agreement behind research, or a note; the person can read it.'
		),
	partial: z
		.union([z.boolean(), z.literal('true').transform(() => true)])
		.optional()
		.describe('Release what may go even where some fields may not.')
});

export type PersonInput = z.output<typeof personShape>;
export type RecordInput = z.output<typeof recordShape>;
export type DisclosureInput = z.output<typeof disclosureShape>;

/** A code, and the member it is about; never the value. */
export interface ShapeProblem {
	refused: string;
	field?: string;
}

/** Checks a value that came from outside; the first problem is told. */
/** An address that its carrier or mail provider lets nothing through to, because its owner told them so. */
export const blockShape = z.strictObject({
	channel: z.enum(['email', 'sms']),
	address: z.string().min(3).max(254).refine(noNul, 'nul'),
	at: moment.optional().describe('When the carrier was told; now, where it is left out.')
});

export type BlockInput = z.output<typeof blockShape>;

export function checkShape<Shape extends z.ZodType>(
	shape: Shape,
	value: unknown
): { input: z.output<Shape> } | ShapeProblem {
	const parsed = shape.safeParse(value, { reportInput: true });
	if (parsed.success) return { input: parsed.data };
	const issue = parsed.error.issues[0] as z.core.$ZodIssue;
	const field = fieldOf(issue);
	return { refused: codeOf(issue), ...(field && { field }) };
}

function fieldOf({ code, path, ...issue }: z.core.$ZodIssue): string {
	// Names come from outside too: a known path is told, an unknown member only where it may be a field's name.
	const names =
		code === 'unrecognized_keys' && 'keys' in issue ? [...path, (issue.keys as string[])[0] ?? ''] : path;
	const name = names.map(String).join('.');
	return /^[A-Za-z0-9.-]{0,80}$/.test(name) ? name : '';
}

function codeOf(issue: z.core.$ZodIssue): string {
	if (/^[a-z]+(-[a-z]+)+$/.test(issue.message) || issue.message === 'nul') return issue.message;
	if (issue.code === 'unrecognized_keys') return 'member-unknown';
	if (issue.code === 'too_big') return 'too-long';
	if (issue.code === 'invalid_type' && issue.input === undefined) return 'required';
	return 'wrong';
}

// What the codes of the gate mean, for whoever reads the answer of a machine or the output of a command.
import type { FieldRefusal, Refusal } from './gate.ts';

export const sentences: Readonly<Record<Refusal, string>> = {
	'partner-unknown': 'the role has no such partner.',
	'purpose-unknown': 'the description has no such purpose.',
	'purpose-not-of-partner': 'the partner is described with another purpose.',
	'basis-not-of-partner': 'this partner receives nothing on that ground.',
	'reference-required': 'a legal demand names its case in "reference".',
	'agreement-required': 'research names the agreement of the school or teacher in "reference".',
	'field-unknown': 'the role has no such field.',
	'field-not-covered': 'the description does not let this partner have it.',
	'field-not-in-effect': 'the policy has only announced it: it may not go before that takes effect.',
	'person-paused': 'the person asked that their data rest.',
	'person-leaving': 'the person is leaving.',
	'awaiting-consent': 'nobody has agreed for this child yet.',
	'account-locked': 'a report about this child is being looked into.',
	'sharing-not-agreed': "the child's guardian has not agreed that data is passed on.",
	'purpose-objected': 'the person objected to this purpose, or switched it off.',
	'consent-missing': 'the person has not agreed to this partner.',
	'consent-withdrawn': 'the person took their agreement back.',
	'field-not-agreed': 'it came on the list after the person agreed; they are asked again.',
	'field-restricted': 'the person contests it: nobody may use it until that is decided.'
};

/** One sentence for each code that occurs. */
export const reasonsOf = (fields: readonly { code: string }[]): string =>
	[...new Set(fields.map(({ code }) => code))]
		.map((code) => `${code}: ${sentences[code as FieldRefusal['code']] ?? ''}`)
		.join(' ');

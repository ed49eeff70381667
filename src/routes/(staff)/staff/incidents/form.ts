// The form in which an incident is written down, as checked values and then as what the domain takes.
import { z } from 'zod';
import { line } from '$lib/forms/read-form';
import type { NewIncident } from '$lib/server/incidents/incidents';

const several = z
	.union([z.string().transform((one) => [one]), z.array(z.string())])
	.optional()
	.transform((found) => (found ?? []).filter(Boolean));
const words = z.string().max(5_000).optional();
/** As `datetime-local` sends it; read as UTC. */
const moment = z
	.string()
	.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?$/)
	.refine((text) => !Number.isNaN(Date.parse(`${text}Z`)));
const optionalMoment = z.union([z.literal(''), moment]).optional();

export const recordForm = z.object({
	what: z.string().trim().min(1).max(5_000),
	consequences: words,
	measures: words,
	advice: words,
	'known-at': moment,
	'happened-from': optionalMoment,
	'happened-to': optionalMoment,
	category: several,
	affected: z.enum(['everybody', 'query', 'people']),
	people: z.string().max(100_000).optional(),
	role: several,
	country: z.union([z.literal(''), z.string().regex(/^[A-Za-z]{2}$/)]).optional(),
	'received-by': z.string().max(40).optional(),
	holds: z.string().max(40).optional(),
	drill: z.literal('on').optional(),
	note: line(200)
});

type Values = z.output<typeof recordForm>;

const instantOf = (text: string | undefined): Date | undefined => (text ? new Date(`${text}Z`) : undefined);

function affectedOf(values: Values): NewIncident['affected'] {
	if (values.affected === 'everybody') return { everybody: true };
	if (values.affected === 'people') return { people: (values.people ?? '').split(/[\s,;]+/).filter(Boolean) };
	return {
		roles: values.role,
		countries: values.country ? [values.country.toUpperCase()] : [],
		receivedBy: values['received-by'] || undefined,
		holds: values.holds || undefined
	};
}

/** The words are in the language of the page on which they were written. */
export function newIncident(values: Values, language: string): NewIncident {
	const inLanguage = (text: string | undefined) => (text?.trim() ? { [language]: text.trim() } : {});
	return {
		what: inLanguage(values.what),
		consequences: inLanguage(values.consequences),
		measures: inLanguage(values.measures),
		advice: inLanguage(values.advice),
		knownAt: instantOf(values['known-at']) as Date,
		happenedFrom: instantOf(values['happened-from']),
		happenedTo: instantOf(values['happened-to']),
		fields: values.category,
		affected: affectedOf(values),
		isDrill: values.drill === 'on',
		note: values.note
	};
}

/** What was typed, for the form that is shown again. */
export const typedOf = (values: Values): Record<string, string> =>
	Object.fromEntries(
		Object.entries(values).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : []))
	);

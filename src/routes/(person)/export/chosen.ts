// What a person chose on the page, or had chosen before they proved who they are.
import { z } from 'zod';

const one = z.string().max(60);
/** Years in which somebody may have data: what is compared as text has four digits of a year. */
const date = z.iso.date({ error: 'not-date' }).regex(/^(19|2\d)\d\d-/, { error: 'not-date' });
const day = z.union([z.literal(''), date]).default('');

export const orderForm = z.object({
	intent: z.enum(['order', 'cancel', 'top-up']).default('order'),
	export: z.string().max(60).default(''),
	category: z.union([one, z.array(one).max(200)]).default([]),
	since: day,
	until: day,
	/** Megabytes; nothing for one file. */
	'volume-size': z.union([z.literal(''), z.string().regex(/^\d{1,7}$/, { error: 'not-number' })]).default('')
});

export type Chosen = Pick<z.infer<typeof orderForm>, 'since' | 'until' | 'volume-size'>;

/** Sizes to choose from, in megabytes. */
export const volumeSizes = [50, 500, 2_000];

export const bytesOf = (megabytes: string): number | undefined =>
	megabytes === '' ? undefined : Number(megabytes) * 1_000_000;

/** What stands in the address counts only where it could have come from the form. */
export function chosenIn(parameters: URLSearchParams): Chosen {
	const given = {
		since: parameters.get('since') ?? '',
		until: parameters.get('until') ?? '',
		'volume-size': parameters.get('volume-size') ?? ''
	};
	const read = orderForm.safeParse(given);
	return read.success ? read.data : { since: '', until: '', 'volume-size': '' };
}

/** Writes what was chosen, and nothing that was chosen before, into the address to which the person comes back. */
export function keepChosen(
	parameters: URLSearchParams,
	{ categories, ...limits }: Chosen & { categories: readonly string[] }
): void {
	parameters.delete('category');
	for (const category of categories) parameters.append('category', category);
	for (const [name, value] of Object.entries(limits)) {
		parameters.delete(name);
		if (value) parameters.set(name, value);
	}
}

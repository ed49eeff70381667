// Promise: somebody in California reads which kinds of data went to whom for their own marketing, in the calendar year before (Civil Code § 1798.83).
import type { Context } from '../context.ts';
import * as disclosures from '../disclosures/disclosures.ts';
import type { Partner } from '../organisation/organisation.ts';
import { localDay, startOfDay, instant } from '../platform/clock.ts';

/** Who uses what they get for purposes of their own. */
const marketers: readonly Partner['kind'][] = ['advertising', 'joint'];

export interface CaliforniaDisclosure {
	year: number;
	/** Codes of categories, each with how often something of it went out. */
	categories: { category: string; disclosures: number }[];
	/** By name and address, the most often first. */
	partners: { partner: Partner; disclosures: number; categories: string[] }[];
}

/** The year before the day on which the request came in, where the person lives. */
export async function californiaDisclosure(
	ctx: Context,
	person: { id: string; timeZone: string },
	receivedAt: string
): Promise<CaliforniaDisclosure> {
	const year = Number(localDay(new Date(receivedAt), person.timeZone).slice(0, 4)) - 1;
	const span = {
		from: instant(startOfDay(`${year}-01-01`, person.timeZone)),
		until: instant(startOfDay(`${year + 1}-01-01`, person.timeZone))
	};
	const partners = ctx.organisation.partners.filter(({ kind }) => marketers.includes(kind));
	const given = await disclosures.givenBetween(
		ctx,
		person.id,
		partners.map(({ id }) => id),
		span
	);
	const categories = new Map<string, number>();
	const byPartner = new Map<string, { disclosures: number; categories: Set<string> }>();
	for (const { partner, fields, disclosures: times } of given) {
		const kinds = new Set(fields.map((field) => field.split('.')[0] as string));
		const sum = byPartner.get(partner) ?? { disclosures: 0, categories: new Set() };
		sum.disclosures += times;
		for (const category of kinds) {
			sum.categories.add(category);
			categories.set(category, (categories.get(category) ?? 0) + times);
		}
		byPartner.set(partner, sum);
	}
	return {
		year,
		categories: [...categories].map(([category, times]) => ({ category, disclosures: times })),
		partners: partners
			.flatMap((partner) => {
				const sum = byPartner.get(partner.id);
				return sum ? [{ partner, disclosures: sum.disclosures, categories: [...sum.categories].sort() }] : [];
			})
			.sort((a, b) => b.disclosures - a.disclosures)
	};
}

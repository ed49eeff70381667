// A rehearsal in the person's language: names of categories and partners instead of codes, the largest first.
import { categoryOf, partnerOf } from '$lib/server/organisation/lookup';
import type { Rehearsal } from '$lib/server/withdrawal/withdrawal';

export interface DescribedRehearsal {
	destroyed: { label: string; records: string }[];
	kept: { label: string; what: string; law: string; until: string }[];
	told: { name: string; href: string }[];
	total: number;
}

export function describeRehearsal({ ctx, translation }: App.Locals, { destroyed, kept, told, total }: Rehearsal): DescribedRehearsal {
	const { t, text, number, date } = translation;
	const label = (category: string) => {
		const described = categoryOf(ctx.organisation, category);
		return described ? text(described.label) : t(`withdrawal:holding.${category}`);
	};
	return {
		destroyed: destroyed.toSorted((a, b) => b.records - a.records).map(({ category, records }) => ({ label: label(category), records: number(records) })),
		kept: kept.map(({ category, what, law, until }) => ({ label: label(category), what: text(what), law: text(law), until: date(until) })),
		told: told.map((partner) => ({ name: partnerOf(ctx.organisation, partner)?.name ?? partner, href: `/sharing/${partner}` })),
		total
	};
}

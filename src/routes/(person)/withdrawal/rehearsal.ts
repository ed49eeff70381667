// A rehearsal in the person's language: names of categories and partners instead of codes, the largest first.
import { partnerOf } from '$lib/server/organisation/lookup';
import type { Rehearsal } from '$lib/server/withdrawal/withdrawal';
import { holding } from '../../holdings';

export interface DescribedRehearsal {
	destroyed: { label: string; records: string }[];
	kept: { label: string; what: string; law: string; until: string }[];
	told: { name: string; href: string }[];
	total: number;
}

/** A profile is one entry in the books; whoever reads this counts its `values`, as on every other page. */
export function describeRehearsal(
	locals: App.Locals,
	{ destroyed, kept, told }: Rehearsal,
	values: ReadonlyMap<string, number>
): DescribedRehearsal {
	const { text, number, date } = locals.translation;
	const label = (category: string) => holding(locals, category).label;
	const nameOf = (partner: string) => partnerOf(locals.ctx.organisation, partner)?.name ?? partner;
	const counted = destroyed.map(({ category, records }) => ({
		category,
		records: values.get(category) ?? records
	}));
	return {
		destroyed: counted
			.toSorted((a, b) => b.records - a.records)
			.map(({ category, records }) => ({ label: label(category), records: number(records) })),
		kept: kept.map(({ category, what, law, until }) => ({
			label: label(category),
			what: text(what),
			law: text(law),
			until: date(until)
		})),
		told: told.map((partner) => ({ name: nameOf(partner), href: `/sharing/${partner}` })),
		total: counted.reduce((sum, { records }) => sum + records, 0)
	};
}

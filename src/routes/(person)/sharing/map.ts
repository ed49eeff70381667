// The map: what flowed from the person's categories to partners, drawn from their own ledger.
import type { FlowData } from '$lib/charts/flow';
import type { Flow } from '$lib/server/disclosures/disclosures';
import { categoryName, partnerName } from './names';

/** More partners than this are drawn as one; the table has them all. */
const drawnPartners = 9;
const rest = 'to further';

interface Band {
	category: string;
	partner: string;
	value: number;
}

const sum = (bands: readonly Band[]) => bands.reduce((total, { value }) => total + value, 0);
const largestFirst = (bands: readonly Band[], key: 'category' | 'partner') =>
	[...new Set(bands.map((band) => band[key]))]
		.map((id) => ({ id, total: sum(bands.filter((band) => band[key] === id)) }))
		.sort((a, b) => b.total - a.total)
		.map(({ id }) => id);

function flowData(locals: App.Locals, bands: readonly Band[], nameOf: (partner: string) => string): FlowData {
	const { t, number } = locals.translation;
	const categories = largestFirst(bands, 'category');
	const partners = largestFirst(bands, 'partner');
	return {
		nodes: [
			...categories.map((id) => ({
				id: `from ${id}`,
				label: categoryName(locals, id),
				side: 'start' as const
			})),
			...partners.map((id) => ({
				id: `to ${id}`,
				label: nameOf(id),
				side: 'end' as const,
				group: 'partners'
			}))
		],
		links: bands.map(({ category, partner, value }) => ({
			from: `from ${category}`,
			to: `to ${partner}`,
			value,
			label: t('sharing:map.link', {
				category: categoryName(locals, category),
				partner: nameOf(partner),
				count: value,
				number: number(value)
			})
		}))
	};
}

/** Those of the further partners, of one category, put together. */
function gathered(bands: readonly Band[], drawn: ReadonlySet<string>): Band[] {
	const further = new Map<string, number>();
	for (const { category, partner, value } of bands)
		if (!drawn.has(partner)) further.set(category, (further.get(category) ?? 0) + value);
	const single = bands.filter(({ partner }) => drawn.has(partner));
	return [...single, ...[...further].map(([category, value]) => ({ category, partner: rest, value }))];
}

export function mapOf(locals: App.Locals, flows: readonly Flow[]): { drawing: FlowData; table: FlowData } {
	const { t, number } = locals.translation;
	const bands = flows
		.map(({ category, partner, disclosures: value }) => ({ category, partner, value }))
		.sort((a, b) => b.value - a.value);
	const partners = largestFirst(bands, 'partner');
	const isCrowded = partners.length > drawnPartners + 1;
	const drawn = new Set(isCrowded ? partners.slice(0, drawnPartners) : partners);
	const count = partners.length - drawn.size;
	const nameOf = (id: string) =>
		id === rest ? t('sharing:map.further', { count, number: number(count) }) : partnerName(locals, id);
	return {
		drawing: flowData(locals, gathered(bands, drawn), nameOf),
		table: flowData(locals, bands, nameOf)
	};
}

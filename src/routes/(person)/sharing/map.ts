// The map: what flowed from the person's categories to partners, drawn from their own ledger.
import { flowsOf } from '$lib/charts/bands';
import type { FlowData } from '$lib/charts/flow';
import type { Flow } from '$lib/server/disclosures/disclosures';
import { categoryName, partnerName } from './names';

export function mapOf(locals: App.Locals, flows: readonly Flow[]): { drawing: FlowData; table: FlowData } {
	const { t, number } = locals.translation;
	const bands = flows.map(({ category, partner, disclosures }) => ({
		from: category,
		to: partner,
		value: disclosures
	}));
	return flowsOf(bands, {
		from: (id) => categoryName(locals, id),
		to: (id) => partnerName(locals, id),
		further: (count) => t('sharing:map.further', { count, number: number(count) }),
		band: (category, partner, count) =>
			t('sharing:map.link', { category, partner, count, number: number(count) })
	});
}

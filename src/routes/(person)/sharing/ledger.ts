// One page of the ledger as the table shows it, with the filter that was asked for.
import * as disclosures from '$lib/server/disclosures/disclosures';
import { startOfDay } from './days';
import { listed, partnerName, purposeName } from './names';
import type { ListedFields } from '../../partner-card';

const pageSize = 20;

export interface LedgerRow {
	id: string;
	at: string;
	partner: string;
	partnerId: string;
	purpose: string;
	given: ListedFields[];
	basis: string;
	afterwards: boolean;
	/** It had happened before it was asked, and no agreement stood. */
	unagreed: boolean;
	reference: string | null;
}

export interface Ledger {
	rows: LedgerRow[];
	filter: Record<'partner' | 'purpose' | 'from' | 'to', string>;
	filtered: boolean;
	newer: string | undefined;
	older: string | undefined;
}

/** Links to other pages keep the filter. */
function pageLink(url: URL, name: 'before' | 'after', place: string | undefined): string | undefined {
	if (place === undefined) return undefined;
	const kept = [...url.searchParams].filter(([key]) => ['partner', 'purpose', 'from', 'to'].includes(key));
	return `${url.pathname}?${new URLSearchParams([...kept, [name, place]]).toString()}#ledger`;
}

export async function ledgerOf(
	locals: App.Locals,
	url: URL,
	only: { partner?: string } = {}
): Promise<Ledger> {
	const { ctx, person, translation } = locals;
	const asked = (name: string) => url.searchParams.get(name)?.slice(0, 100) ?? '';
	const filter = {
		partner: asked('partner'),
		purpose: asked('purpose'),
		from: asked('from'),
		to: asked('to')
	};
	const {
		disclosures: rows,
		newer,
		older
	} = await disclosures.page(ctx, person.id, {
		partner: only.partner ?? (filter.partner || undefined),
		purpose: filter.purpose || undefined,
		from: startOfDay(filter.from, translation.timeZone),
		to: startOfDay(filter.to, translation.timeZone, 1),
		before: url.searchParams.get('before'),
		after: url.searchParams.get('after'),
		limit: pageSize
	});
	return {
		rows: rows.map((row) => ({
			id: row.id,
			at: row.at,
			partner: partnerName(locals, row.partner),
			partnerId: row.partner,
			purpose: purposeName(locals, row.purpose),
			given: listed(locals, row.fields),
			basis: translation.has(`sharing:basis.${row.basis}`)
				? translation.t(`sharing:basis.${row.basis}`)
				: row.basis,
			afterwards: row.recorded === 'afterwards',
			unagreed: row.recorded === 'afterwards' && row.basis === 'consent' && row.consentVersion === null,
			reference: row.reference
		})),
		filter,
		filtered: Object.values(filter).some((value) => value !== ''),
		newer: pageLink(url, 'after', newer),
		older: pageLink(url, 'before', older)
	};
}

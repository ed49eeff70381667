// What disclosures hold about a person: every transfer of their data, and the sums of them.
import { translationIn } from '../../i18n/catalogues.ts';
import type { Context } from '../context.ts';
import { partnerOf, purposeOf } from '../organisation/lookup.ts';
import type { PersonalDataContract, Row } from '../personal-data-contract.ts';
import { deleteCounts, deleteDisclosures, selectCounts } from './queries.ts';
import { flows, readOlder, summary, type Disclosure } from './reading.ts';

const pageSize = 1_000;
const fields = {
	at: 'instant',
	partner: 'text',
	partnerName: 'text',
	purpose: 'text',
	purposeLabel: 'text',
	basis: 'text',
	fields: 'list',
	country: 'country',
	consentVersion: 'text',
	recorded: 'text',
	recordedAt: 'instant',
	reference: 'text'
} as const;

/** Codes stay, for machines; the names beside them are for people. What the description has dropped goes by its code. */
function named(ctx: Context, language: string, { id: _, ...row }: Disclosure): Row {
	const { name = row.partner } = partnerOf(ctx.organisation, row.partner) ?? {};
	const label = translationIn(language).text(purposeOf(ctx.organisation, row.purpose)?.label);
	return { ...row, partnerName: name, purposeLabel: label || row.purpose };
}

export const disclosuresContract: PersonalDataContract = {
	id: 'disclosures',
	tables: ['disclosure', 'disclosure_count', 'disclosure_flow'],
	count: async (ctx, personId) => {
		const counts = await selectCounts(ctx, personId);
		return [
			{ category: 'portal.sharing', records: counts.reduce((sum, { disclosures }) => sum + disclosures, 0) }
		];
	},
	collect: async (ctx, personId, categories, language = 'en') => {
		if (categories && !categories.has('portal.sharing')) return [];
		const counts = await selectCounts(ctx, personId);
		return [
			{
				path: 'sharing/disclosures',
				category: 'portal.sharing',
				source: 'portal',
				expected: counts.reduce((sum, { disclosures }) => sum + disclosures, 0),
				shape: 'table',
				fields: Object.entries(fields).map(([id, type]) => ({ id, type, label: `sharing:field.${id}` })),
				async *pages() {
					let before: { at: string; id: string } | undefined;
					for (;;) {
						const rows = await readOlder(ctx, personId, before, pageSize);
						if (rows.length) yield rows.map((row) => named(ctx, language, row));
						if (rows.length < pageSize) return;
						before = rows.at(-1);
					}
				}
			}
		];
	},
	restrict: async () => undefined,
	erase: async (ctx, personId, limit) => {
		const destroyed = await deleteDisclosures(ctx, personId, limit);
		// The sums go last: while they stand, the rehearsal still says what there is.
		if (destroyed < limit) await deleteCounts(ctx, personId);
		return { destroyed, done: destroyed < limit };
	},
	keep: async () => [],
	recipients: async (ctx, personId) => (await summary(ctx, personId)).map(({ partner }) => partner),
	flows
};

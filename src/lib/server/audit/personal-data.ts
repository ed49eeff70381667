// What the audit ledger holds about a person, and how it leaves.
import type { PersonalDataContract, Row } from '../personal-data-contract.ts';
import { page } from './audit.ts';
import { countEvents, deleteChain, deleteEvents } from './queries.ts';
import { markErased } from './tree/queries.ts';

const pageSize = 1_000;
const fields = { id: 'text', at: 'instant', kind: 'text', actor: 'text', details: 'object' };

export const auditContract: PersonalDataContract = {
	id: 'audit',
	tables: ['audit_event', 'audit_chain'],
	count: async (ctx, personId) => [
		{ category: 'portal.activity', records: await countEvents(ctx, personId) }
	],
	collect: async (ctx, personId, categories) => {
		if (categories && !categories.has('portal.activity')) return [];
		return [
			{
				path: 'activity',
				category: 'portal.activity',
				source: 'portal',
				expected: await countEvents(ctx, personId),
				shape: 'document',
				fields: Object.entries(fields).map(([id, type]) => ({ id, type, label: `viewer:activity.${id}` })),
				async *pages() {
					let before: string | undefined;
					for (;;) {
						const events = await page(ctx, personId, before, pageSize);
						if (events.length) yield events.map((event): Row => ({ ...event }));
						if (events.length < pageSize) return;
						before = events.at(-1)?.id;
					}
				}
			}
		];
	},
	restrict: async () => undefined,
	erase: async (ctx, personId, limit) => {
		const { destroyed, positions } = await deleteEvents(ctx, personId, limit);
		await markErased(ctx, positions);
		if (destroyed < limit) await deleteChain(ctx, personId);
		return { destroyed, done: destroyed < limit };
	},
	keep: async () => []
};

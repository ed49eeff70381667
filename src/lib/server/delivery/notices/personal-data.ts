// Of which changes and incidents a person was told, when, by which way, and when they opened it.
import type { PersonalDataContract } from '../../personal-data-contract.ts';
import { deleteNotices, selectNoticesTo } from './queries.ts';

const fields = ['about', 'state', 'channel', 'at', 'readAt'] as const;

export const noticesContract: PersonalDataContract = {
	id: 'notices',
	tables: ['notice'],
	count: async (ctx, personId) => [
		{ category: 'portal.notices', records: (await selectNoticesTo(ctx, personId)).length }
	],
	collect: async (ctx, personId, categories) => {
		if (categories && !categories.has('portal.notices')) return [];
		const notices = await selectNoticesTo(ctx, personId);
		return [
			{
				path: 'notices',
				category: 'portal.notices',
				source: 'portal',
				expected: notices.length,
				shape: 'document',
				fields: fields.map((id) => ({
					id,
					type: id === 'at' || id === 'readAt' ? 'instant' : 'text',
					label: `viewer:notices.${id}`
				})),
				async *pages() {
					if (notices.length) yield notices.map((row) => ({ ...row }));
				}
			}
		];
	},
	// That somebody must be told of a change or a breach does not rest.
	restrict: async () => undefined,
	erase: async (ctx, personId, limit) => {
		const destroyed = await deleteNotices(ctx, personId, limit);
		return { destroyed, done: destroyed < limit };
	},
	keep: async () => []
};

// What the portal keeps of whom a system outside is to be told that somebody paused, and how it leaves.
import type { PersonalDataContract } from '../personal-data-contract.ts';
import { deleteWishes, selectAllOf } from './queries.ts';
import { want } from './restrictions.ts';

const category = 'portal.sharing';

export const restrictionsContract: PersonalDataContract = {
	id: 'restrictions',
	tables: ['source_restriction'],
	count: async (ctx, personId) => [{ category, records: (await selectAllOf(ctx, personId)).length }],
	collect: async (ctx, personId, categories) => {
		if (categories && !categories.has(category)) return [];
		const all = await selectAllOf(ctx, personId);
		return [
			{
				path: 'sharing/restrictions',
				category,
				source: 'portal',
				expected: all.length,
				shape: 'document',
				fields: ['source', 'on', 'state', 'at'].map((id) => ({
					id,
					type: 'text',
					label: `viewer:restrictions.${id}`
				})),
				async *pages() {
					if (all.length)
						yield all.map(({ id: source, isOn, state, at }) => ({ source, on: isOn === 1, state, at }));
				}
			}
		];
	},
	restrict: want,
	erase: async (ctx, personId, limit) => {
		const destroyed = await deleteWishes(ctx, personId, limit);
		return { destroyed, done: destroyed < limit };
	},
	keep: async () => []
};

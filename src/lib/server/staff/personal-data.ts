// What a staff member's leave to look says about a person, until it is over; the look itself is an event of their Activity.
import { open } from '../platform/keys/keys.ts';
import type { PersonalDataContract, Row } from '../personal-data-contract.ts';
import { countLooks, deleteLooks, selectLooks } from './queries.ts';

const category = 'portal.security';
const fields = ['id', 'staffId', 'reason', 'note', 'at', 'expiresAt'];

export const staffContract: PersonalDataContract = {
	id: 'staff',
	tables: ['staff_look'],
	count: async (ctx, personId) => [{ category, records: await countLooks(ctx, personId) }],
	collect: async (ctx, personId, categories) => {
		if (categories && !categories.has(category)) return [];
		return [
			{
				path: 'security/staff-looks',
				category,
				source: 'portal',
				expected: await countLooks(ctx, personId),
				shape: 'document',
				fields: fields.map((id) => ({
					id,
					type: id === 'at' || id === 'expiresAt' ? 'instant' : 'text',
					label: `viewer:security.${id}`,
					...(id === 'note' && { optional: true })
				})),
				async *pages() {
					const key = await ctx.keys.of(personId);
					const looks = await selectLooks(ctx, personId);
					if (looks.length)
						yield looks.map(({ sealed, ...look }): Row => ({
							...look,
							...open<Row>(key, { table: 'staff_look', column: 'sealed', row: look.id }, sealed)
						}));
				}
			}
		];
	},
	restrict: async () => undefined,
	erase: async (ctx, personId, limit) => {
		const destroyed = await deleteLooks(ctx, personId, limit);
		return { destroyed, done: destroyed < limit };
	},
	keep: async () => []
};

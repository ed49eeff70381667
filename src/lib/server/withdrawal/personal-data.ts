// The withdrawal itself is the last row that leaves: while it is there, the erasure goes on.
import type { PersonalDataContract } from '../personal-data-contract.ts';
import { open } from '../platform/keys/keys.ts';
import { withdrawalPlace, type SealedWithdrawal } from './sealed.ts';
import { deleteWithdrawals, selectAll } from './queries.ts';

export const withdrawalContract: PersonalDataContract = {
	id: 'withdrawal',
	tables: ['withdrawal'],
	count: async (ctx, personId) => [
		{ category: 'portal.withdrawals', records: (await selectAll(ctx, personId)).length }
	],
	collect: async (ctx, personId, categories) => {
		if (categories && !categories.has('portal.withdrawals')) return [];
		const all = await selectAll(ctx, personId);
		const key = await ctx.keys.of(personId);
		const wordsOf = ({ id, sealed }: (typeof all)[number]) => {
			const { note, orderedBecause } = open<SealedWithdrawal>(key, withdrawalPlace(id), sealed);
			return { note: note ?? null, orderedBecause: orderedBecause ?? null };
		};
		return [
			{
				path: 'withdrawals',
				category: 'portal.withdrawals',
				source: 'portal',
				expected: all.length,
				shape: 'document',
				fields: ['requestedAt', 'eraseAt', 'state', 'reason', 'note', 'orderedBecause', 'endedAt'].map(
					(id) => ({
						id,
						type: id.endsWith('At') ? 'instant' : 'text',
						label: `viewer:withdrawals.${id}`,
						...((id === 'note' || id === 'orderedBecause') && { optional: true })
					})
				),
				async *pages() {
					if (all.length === 0) return;
					yield all.map((row) => {
						const { requestedAt, eraseAt, state, reason, endedAt } = row;
						return { requestedAt, eraseAt, state, reason, ...wordsOf(row), endedAt };
					});
				}
			}
		];
	},
	restrict: async () => undefined,
	erase: async (ctx, personId) => ({ destroyed: await deleteWithdrawals(ctx, personId), done: true }),
	keep: async () => []
};

// A withdrawal that was taken back is known as long as any other request: 24 months (11 CCR § 7101).
import type { Context } from '../context.ts';
import { endingOf } from '../platform/work/ending.ts';

export const withdrawalEnds = endingOf<Context>('withdrawals', [
	{
		rule: 'withdrawals taken back',
		table: 'withdrawal',
		key: ['person_id', 'id'],
		from: 'ended_at',
		keptFor: 'P24M',
		states: ['cancelled']
	},
	{
		rule: 'their cases',
		table: 'erasure_case',
		key: ['id'],
		from: 'erase_at',
		keptFor: 'P24M',
		states: ['cancelled']
	}
]);

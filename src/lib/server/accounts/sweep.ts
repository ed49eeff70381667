// What ran out goes: sessions at their end, codes a day and proofs a month after theirs, limits when they are over.
import type { Context } from '../context.ts';
import { sweep } from '../platform/throttle/throttle.ts';
import { endingOf, type Ending } from '../platform/work/ending.ts';

const ends = endingOf<Context>('expired-sessions', [
	{ rule: 'sessions', table: 'session', key: ['session_id'], from: 'expires_at', keptFor: 'P0D' },
	{
		rule: 'one-time codes',
		table: 'one_time_code',
		key: ['person_id', 'id'],
		from: 'expires_at',
		keptFor: 'P1D'
	},
	// A proof may still open what it was given for while its session lives; a session lives for 30 days.
	{
		rule: 'proofs of identity',
		table: 'step_up',
		key: ['person_id', 'session_id', 'action'],
		from: 'granted_at',
		keptFor: 'P31D'
	}
]);

export const accountsSweep: Ending<Context> = {
	...ends,
	run: async (ctx) => {
		await sweep(ctx);
		return ends.run(ctx);
	}
};

// What ran out goes: sessions at their end, codes and proofs a day after theirs, limits when they are over.
import type { Context } from '../context.ts';
import { after, instant } from '../platform/clock.ts';
import { sweep } from '../platform/throttle/throttle.ts';
import type { WorkKind } from '../platform/work/work.ts';
import { deleteExpiredCodes, deleteExpiredSessions, deleteOldProofs } from './queries.ts';

const batch = 500;

/** A proof may still open what it was given for while its session lives; a session lives for 30 days. */
const proofDays = 31;

export const accountsSweep: WorkKind<Context> = {
	name: 'expired-sessions',
	run: async (ctx) => {
		const now = ctx.clock.now();
		await sweep(ctx);
		const sessions = await deleteExpiredSessions(ctx, instant(now), batch);
		const codes = await deleteExpiredCodes(ctx, instant(after(now, -1, 'days')), batch);
		return sessions + codes + (await deleteOldProofs(ctx, instant(after(now, -proofDays, 'days')), batch));
	}
};

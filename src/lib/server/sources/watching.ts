// Promise: what came of each call to a system outside is noted, in codes; a switch that is off counts at the next call.
import type { Context } from '../context.ts';
import { instant } from '../platform/clock.ts';
import type { Watch } from '../platform/sources/open.ts';
import { selectSwitch, upsertProof, upsertState } from './queries.ts';

type Watching = Pick<Context, 'db' | 'clock' | 'log'>;

/** A source that answers is not written down each time. */
const proofEveryMilliseconds = 10 * 60_000;
const failureEveryMilliseconds = 10_000;

/** Watches over one source, in one process. What it writes is waited for by nobody. */
export function watchOver(ctx: Watching, source: string): Watch {
	const written = new Map<string, number>();
	/** Whether enough time went by since this was written. */
	const isDue = (what: string, every: number): boolean => {
		const now = ctx.clock.now().getTime();
		const before = written.get(what);
		if (before !== undefined && Math.abs(now - before) < every) return false;
		written.set(what, now);
		return true;
	};
	const write = (done: Promise<void>) =>
		void done.catch((err: unknown) => ctx.log.warn({ err, source }, 'how a source is could not be noted'));

	return {
		isOff: async () => {
			const [state] = await selectSwitch(ctx, source);
			return typeof state?.offSince === 'string';
		},
		noted: (ability, outcome, because) => {
			const at = instant(ctx.clock.now());
			if (outcome === 'done') {
				if (isDue(ability, proofEveryMilliseconds))
					write(upsertProof(ctx, { source, ability, by: 'use', at }));
				return;
			}
			// That it is well again is worth a line.
			written.delete(ability);
			ctx.log.warn({ source, ability, code: outcome, because }, 'a source failed');
			const failure = because ? `${outcome} ${because}` : outcome;
			if (isDue(`${ability} ${failure}`, failureEveryMilliseconds))
				write(upsertState(ctx, source, { failedAt: at, failedAtWhat: ability, failure }));
		}
	};
}

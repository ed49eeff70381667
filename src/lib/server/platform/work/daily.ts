// Promise: what stays wrong is said once a day and process, and not every minute.
import { dayOf, type Clock } from '../clock.ts';
import type { WorkKind } from './work.ts';

/** Calls `say` once a day, and at the start; one that fails is called again soon. */
export function onceADay<Context extends { clock: Clock; settings: object }>(
	name: string,
	say: (ctx: Context) => Promise<void>
): WorkKind<Context> {
	const said = new WeakMap<object, string>();
	return {
		name,
		everyMilliseconds: 60_000,
		run: async (ctx) => {
			const today = dayOf(ctx.clock.now());
			if (said.get(ctx.settings) === today) return 0;
			await say(ctx);
			said.set(ctx.settings, today);
			return 0;
		}
	};
}

// Promise: whoever left the demonstration leaves its sign-in page too, and with it the last place of their invented name.
import { lookUp } from '../accounts/accounts.ts';
import type { Context } from '../context.ts';
import { after } from '../platform/clock.ts';
import type { WorkKind } from '../platform/work/work.ts';
import { signIns } from './demonstration.ts';
import { updateMark } from './queries.ts';

const everyMinutes = 1;
const lookedAt = new WeakMap<Context['settings'], Date>();

export const leaversWork: WorkKind<Context> = {
	name: 'sign-ins of those who left the demonstration',
	run: async (ctx) => {
		const { settings, clock } = ctx;
		const before = lookedAt.get(settings);
		if (!settings.demonstration || (before && clock.now() < after(before, everyMinutes, 'minutes'))) return 0;
		lookedAt.set(settings, clock.now());
		const cast = await signIns(ctx);
		const found = await Promise.all(cast.map(({ identifier }) => lookUp(ctx, identifier)));
		const staying = cast.filter((_, index) => found[index]);
		if (staying.length < cast.length) await updateMark(ctx, 'sign-ins', JSON.stringify(staying));
		return 0;
	}
};

// Promise: a control that is overdue is said in the log once a day, until it was done.
import type { Context } from '../context.ts';
import { dayOf } from '../platform/clock.ts';
import type { WorkKind } from '../platform/work/work.ts';
import { standings } from './controls.ts';

const told = new WeakMap<Context['settings'], string>();

export const controlAlarm: WorkKind<Context> = {
	name: 'controls',
	everyMilliseconds: 60_000,
	run: async (ctx) => {
		const today = dayOf(ctx.clock.now());
		if (told.get(ctx.settings) === today) return 0;
		told.set(ctx.settings, today);
		for (const { control, doneOn = null, isOverdue } of await standings(ctx))
			if (isOverdue) ctx.log.warn({ control: control.id, doneOn }, 'a control is overdue');
		return 0;
	}
};

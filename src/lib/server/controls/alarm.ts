// Promise: a control that is overdue is said in the log once a day, until it was done.
import type { Context } from '../context.ts';
import { onceADay } from '../platform/work/daily.ts';
import { standings } from './controls.ts';

export const controlAlarm = onceADay<Context>('controls', async (ctx) => {
	for (const { control, doneOn = null, isOverdue } of await standings(ctx))
		if (isOverdue) ctx.log.warn({ control: control.id, doneOn }, 'a control is overdue');
});

// Promise: the authority's clock runs from when it was known, and nobody can say that they did not see it run out.
import type { Context } from '../context.ts';
import { after, instant } from '../platform/clock.ts';
import type { WorkKind } from '../platform/work/work.ts';
import type { Incident } from './incident.ts';
import { selectUntold, updateAlarm } from './queries.ts';

/** GDPR Art. 33(1); PIPA Enforcement Decree Art. 39 and 40; Classerium's own word (CL20). */
const authorityHours = 72;
/** From when on somebody is reminded. */
const soonHours = 12;

export const dueAt = (knownAt: string): string => instant(after(new Date(knownAt), authorityHours, 'hours'));

export interface Clock {
	/** `late`: the authority was told, but after its time. */
	state: 'told' | 'late' | 'running' | 'soon' | 'over';
	dueAt: string;
	/** Whole hours that are left, or over. */
	hours: number;
}

export function clockOf(
	{ clock }: Pick<Context, 'clock'>,
	{ authorityDueAt, authorityToldAt }: Pick<Incident, 'authorityDueAt' | 'authorityToldAt'>
): Clock {
	const until =
		(Date.parse(authorityDueAt) - Date.parse(authorityToldAt ?? instant(clock.now()))) / 3_600_000;
	const hours = Math.floor(Math.abs(until));
	const late = until < 0;
	const open = late ? 'over' : until <= soonHours ? 'soon' : 'running';
	const state = authorityToldAt ? (late ? 'late' : 'told') : open;
	return { state, dueAt: authorityDueAt, hours };
}

/** Says in the log, once each, that the clock of an incident is about to run out, and that it has. */
export const incidentAlarm: WorkKind<Context> = {
	name: 'incident-alarm',
	everyMilliseconds: 30_000,
	run: async (ctx) => {
		let raised = 0;
		for (const { id, drill, alarm, authorityDueAt } of await selectUntold(ctx)) {
			const { state } = clockOf(ctx, { authorityDueAt, authorityToldAt: null });
			const level = state === 'over' ? 2 : state === 'soon' ? 1 : 0;
			if (level <= alarm) continue;
			const details = { incident: id, drill: drill === 1, authorityDueAt };
			if (level === 2) ctx.log.error(details, 'the authority was not told of an incident in time');
			else ctx.log.warn(details, 'the authority has to be told of an incident within 12 hours');
			await updateAlarm(ctx, id, level);
			raised++;
		}
		return raised;
	}
};

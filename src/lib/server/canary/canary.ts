// Promise: each night an invented person walks through every system outside, and whatever is missing there raises an alarm.
import type { Context } from '../context.ts';
import * as controls from '../controls/controls.ts';
import type { OutsideSource } from '../organisation/organisation.ts';
import { after, dayOf, instant } from '../platform/clock.ts';
import { claimDue, type Claim, type WorkKind } from '../platform/work/work.ts';
import type { CanaryRunTable } from '../schema.ts';
import { may, type Member } from '../staff/staff.ts';
import type { OpenApart } from './apart.ts';
import { insertRun, selectRun, updateLeased, updateResting } from './queries.ts';
import { gapsIn, isWhole, TakenOver, type Outcome } from './steps.ts';
import { walkThrough } from './walk.ts';

export type { Apart, OpenApart } from './apart.ts';
export { gapsIn, type Outcome } from './steps.ts';

const table = 'canary_run';
const nightly = 'nightly';
/** In UTC: the small hours of Europe, noon in Korea; a handful of rows disturbs nobody. */
const hour = 3;
/** As long as a claim holds. */
const leaseMinutes = 5;
/** So long without a walk is an alarm of its own. */
const longestDays = 2;

/** The next time that it is three o'clock. */
function nextNight({ clock }: Context): string {
	const today = new Date(`${dayOf(clock.now())}T0${hour}:00:00.000Z`);
	return instant(today > clock.now() ? today : after(today, 1, 'days'));
}

async function makeRow(ctx: Context): Promise<void> {
	const due = { nextAttemptAt: nextNight(ctx), leasedUntil: null, attempts: 0 };
	await insertRun(ctx, { id: nightly, ranAt: null, result: null, ...due });
}

/** Goes on with a lease, five minutes at a time. */
function leaseOf(ctx: Context, { leasedUntil }: Pick<Claim, 'leasedUntil'>) {
	let held = leasedUntil;
	const change = async (values: Partial<CanaryRunTable>) => {
		if (!(await updateLeased(ctx, nightly, held, values))) throw new TakenOver();
	};
	const renew = async () => {
		const until = instant(after(ctx.clock.now(), leaseMinutes, 'minutes'));
		await change({ leasedUntil: until });
		held = until;
	};
	return { renew, end: change };
}

async function walkOne(
	ctx: Context,
	source: OutsideSource,
	how: { openApart: OpenApart; beforeEach: () => Promise<void> }
): Promise<Outcome[]> {
	try {
		return await walkThrough(ctx, source, how);
	} catch (err) {
		if (err instanceof TakenOver) throw err;
		ctx.log.error({ err, source: source.id }, 'the canary broke down in a source');
		return [{ source: source.id, step: 'ask', outcome: 'gap', because: 'broke-down' }];
	}
}

async function walkAll(ctx: Context, claim: Claim, openApart: OpenApart): Promise<Outcome[]> {
	const lease = leaseOf(ctx, claim);
	const outcomes: Outcome[] = [];
	for (const source of ctx.organisation.sources)
		outcomes.push(...(await walkOne(ctx, source, { openApart, beforeEach: lease.renew })));
	const ranAt = instant(ctx.clock.now());
	const rest = { nextAttemptAt: nextNight(ctx), leasedUntil: null, attempts: 0 };
	await lease.end({ ranAt, result: JSON.stringify(outcomes), ...rest });
	for (const { source, step, because } of gapsIn(outcomes))
		ctx.log.error({ source, step, because }, 'the canary found a gap');
	if (isWhole(outcomes)) await controls.done(ctx, 'canary');
	return outcomes;
}

/** Undefined when another process took over, which tells what it finds. */
async function walkUnlessTaken(
	ctx: Context,
	claim: Claim,
	openApart: OpenApart
): Promise<Outcome[] | undefined> {
	try {
		return await walkAll(ctx, claim, openApart);
	} catch (err) {
		if (!(err instanceof TakenOver)) throw err;
		ctx.log.error({ err }, 'the walk of the canary was taken over');
		return undefined;
	}
}

/** The walk of the night; nothing where no source is described. */
export const canaryWork = (openApart: OpenApart): WorkKind<Context> => ({
	name: 'canary',
	everyMilliseconds: 60_000,
	run: async (ctx) => {
		if (ctx.organisation.sources.length === 0) return 0;
		await makeRow(ctx);
		const [claim] = await claimDue(ctx, table, 1, 'id');
		if (claim) await walkUnlessTaken(ctx, claim, openApart);
		await alarmWhenMissing(ctx);
		return 0;
	}
});

/**
 * Walks now. Refuses `walks-already` while another process walks, or when one took over; a walk that died is over after
 * five minutes.
 */
export async function walkNow(
	ctx: Context,
	openApart: OpenApart
): Promise<{ outcomes: Outcome[] } | { refused: 'walks-already' }> {
	await makeRow(ctx);
	const now = instant(ctx.clock.now());
	await updateResting(ctx, nightly, now, { nextAttemptAt: now });
	const [claim] = await claimDue(ctx, table, 1, 'id');
	const outcomes = claim && (await walkUnlessTaken(ctx, claim, openApart));
	return outcomes ? { outcomes } : { refused: 'walks-already' };
}

const told = new WeakMap<Context['settings'], string>();

/** Once a day: nobody walked for two days. */
async function alarmWhenMissing(ctx: Context): Promise<void> {
	const today = dayOf(ctx.clock.now());
	const row = await selectRun(ctx, nightly);
	if (!row || !isMissing(ctx, row) || told.get(ctx.settings) === today) return;
	told.set(ctx.settings, today);
	ctx.log.error({ ranAt: row.ranAt }, 'the canary has not walked for two days');
}

/** Before the first walk it is missing once that one is overdue by two days. */
const isMissing = (
	ctx: Context,
	{ ranAt, nextAttemptAt }: { ranAt: string | null; nextAttemptAt: string | null }
) => (ranAt ?? nextAttemptAt ?? '') < instant(after(ctx.clock.now(), -longestDays, 'days'));

export interface LastWalk {
	ranAt: string | null;
	outcomes: Outcome[];
	/** Two days ago or longer. */
	isMissing: boolean;
}

/** What the last walk found, for staff; undefined before there was ever one due. Refuses `not-permitted`. */
export async function lastWalk(
	ctx: Context,
	member: Member
): Promise<LastWalk | undefined | { refused: 'not-permitted' }> {
	if (!may(member, 'sources')) return { refused: 'not-permitted' };
	const row = await selectRun(ctx, nightly);
	if (!row) return undefined;
	const outcomes = row.result === null ? [] : (JSON.parse(row.result) as Outcome[]);
	return { ranAt: row.ranAt, outcomes, isMissing: isMissing(ctx, row) };
}

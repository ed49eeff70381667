// Promise: an invented person goes through a source as a real one would, and whatever does not fit is found before a real one meets it.
import { idsByExternal, inventedId as canary } from '../accounts/accounts.ts';
import type { Context } from '../context.ts';
import type { OutsideSource } from '../organisation/organisation.ts';
import { ReadingEnded } from '../personal-data-contract.ts';
import { SourceFailure, type Source } from '../platform/sources/source.ts';
import { proved } from '../sources/sources.ts';
import type { OpenApart } from './apart.ts';
import { editAll } from './editing.ts';
import { Gap, type Outcome, type Step } from './steps.ts';
import * as trials from './trials.ts';

const { holdsIn, patience } = trials;

/** One step; what is thrown in it is its gap. */
async function tried(ctx: Context, source: string, step: Step, work: () => Promise<void>): Promise<Outcome> {
	const gap = (because: string): Outcome => ({ source, step, outcome: 'gap', because });
	try {
		await work();
		return { source, step, outcome: 'done' };
	} catch (err) {
		if (err instanceof Gap) return gap(err.code);
		if (err instanceof ReadingEnded) return gap(err.reason);
		if (err instanceof SourceFailure)
			return err.code === 'off' ? { source, step, outcome: 'off' } : gap(err.code);
		ctx.log.error({ err, source, step }, 'the canary broke down in a step');
		return gap('broke-down');
	}
}

/** It answers, and that is all that can be said of it. */
async function asked(ctx: Context, source: Source, described: OutsideSource): Promise<Outcome[]> {
	const answer = await tried(ctx, source.id, 'ask', async () => void (await holdsIn(source, described)));
	if (answer.outcome !== 'done') return [answer];
	return [answer, { source: source.id, step: 'plant', outcome: 'cannot' }];
}

/** An id that some systems hold for another spelling of the canary's. */
const spellings = [canary, canary.toUpperCase(), 'Candor-Canary'];

interface How {
	openApart: OpenApart;
	/** Throws `TakenOver`: from then on nothing may be touched. */
	beforeEach: () => Promise<void>;
}

/**
 * Goes through one source, in a portal apart. Whatever a walk before left there is cleared away first, and nothing stays,
 * also where a step fails; only a walk that was taken over leaves it all to the other. Where nothing can be planted, or what
 * is planted could not be erased, it is only asked. Where somebody real bears the canary's id nothing is touched.
 */
export async function walkThrough(
	ctx: Context,
	described: OutsideSource,
	{ openApart, beforeEach }: How
): Promise<Outcome[]> {
	const source = ctx.sources.get(described.id);
	const gap = { source: described.id, outcome: 'gap' } as const;
	if (!source) return [{ ...gap, step: 'ask', because: 'not-described' }];
	await beforeEach();
	if (!source.can.has('plant') || !source.can.has('erase')) return asked(ctx, source, described);
	if ((await idsByExternal(ctx, spellings)).size > 0)
		return [{ ...gap, step: 'clean', because: 'somebody-real' }];
	const apart = await openApart(ctx, described);
	try {
		return await goThrough(ctx, { source, described, apart: apart.ctx, beforeEach });
	} finally {
		await apart.close();
	}
}

interface Through extends Pick<trials.Walk, 'source' | 'described'>, Pick<How, 'beforeEach'> {
	apart: Context;
}

async function goThrough(
	ctx: Context,
	{ source, described, apart, beforeEach }: Through
): Promise<Outcome[]> {
	const outcomes: Outcome[] = [];
	const take = async (step: Step, work: () => Promise<void>, can = true) => {
		await beforeEach();
		const outcome = can
			? await tried(ctx, source.id, step, work)
			: { source: source.id, step, outcome: 'cannot' as const };
		outcomes.push(outcome);
		if (outcome.outcome === 'done' && isAbility(step)) await proved(ctx, source.id, step);
		return outcome.outcome === 'done';
	};
	const clean = async () => {
		await source.erase(canary, patience);
		await trials.mustHoldNothing(source, described, 'left-over');
	};
	if (!(await take('clean', clean))) return outcomes;
	const walk: trials.Walk = { ctx: apart, person: await trials.invent(apart, described), source, described };
	let isThere = true;
	try {
		if (await take('plant', () => source.plant(canary, patience))) {
			await take('read', () => trials.read(walk));
			await take('edit', () => editAll(walk, canary, patience), source.can.has('edit'));
			await take('restrict', () => trials.pauseAndGoOn(walk), source.can.has('restrict'));
			await take('export', () => trials.exported(walk));
		}
		isThere = !(await take('erase', () => trials.erase(walk)));
	} finally {
		if (isThere) await clearAway(source, beforeEach);
	}
	return outcomes;
}

/** What cannot be erased now, the next walk erases. */
async function clearAway(source: Source, beforeEach: How['beforeEach']): Promise<void> {
	await beforeEach();
	await source.erase(canary, patience).catch(() => undefined);
}

const isAbility = (step: Step): step is 'plant' | 'read' | 'edit' | 'restrict' | 'erase' =>
	['plant', 'read', 'edit', 'restrict', 'erase'].includes(step);

// Promise: whoever pauses, or goes on, is paused or goes on in every system outside too, however long that one is away.
import { find as findPerson } from '../accounts/accounts.ts';
import * as audit from '../audit/audit.ts';
import type { Context } from '../context.ts';
import { instant } from '../platform/clock.ts';
import { transaction } from '../platform/database/transaction.ts';
import type { SourceRestrictionTable } from '../schema.ts';
import {
	countOpen,
	selectAllOf,
	selectOne,
	selectOpenOf,
	selectPaused,
	updateWish,
	upsertWish
} from './queries.ts';

const batch = 1_000;

/** A source that is still to be told, or to be seen to by hand. */
export interface Open {
	source: string;
	isOn: boolean;
	state: Exclude<SourceRestrictionTable['state'], 'done'>;
	since: string;
}

/**
 * Writes down for every described source what the person wants now, in the transaction of their wish; the sources are told by due
 * work. One that nobody described how to tell is to be seen to by hand.
 */
export async function want(ctx: Context, personId: string, on: boolean): Promise<void> {
	for (const { id } of ctx.organisation.sources) await wantIn(ctx, personId, id, on);
}

const canBeTold = (ctx: Context, source: string): boolean =>
	ctx.sources.get(source)?.can.has('restrict') ?? false;

async function wantIn(ctx: Context, personId: string, id: string, on: boolean): Promise<void> {
	const at = instant(ctx.clock.now());
	const can = canBeTold(ctx, id);
	const due = { nextAttemptAt: can ? at : null, leasedUntil: null, attempts: 0 };
	const state = can ? ('waiting' as const) : ('by-hand' as const);
	await upsertWish(ctx, { personId, id, isOn: on ? 1 : 0, state, at, because: null, ...due });
}

/** Sources that have to hear that the person pauses: they were described after the pause, or can be told only since then. */
async function notToldOf(ctx: Context, personId: string): Promise<string[]> {
	const wishes = new Map((await selectAllOf(ctx, personId)).map((wish) => [wish.id, wish]));
	return ctx.organisation.sources.flatMap(({ id }) => {
		const wish = wishes.get(id);
		const isTold = wish && !(wish.state === 'by-hand' && canBeTold(ctx, id));
		return isTold ? [] : id;
	});
}

/** Writes down for everybody who pauses what sources do not know that are described otherwise by now. May run twice. */
export async function catchUp(ctx: Context): Promise<void> {
	for (let last = ''; ;) {
		const paused = await selectPaused(ctx, last, batch);
		for (const personId of paused)
			if ((await notToldOf(ctx, personId)).length > 0)
				await transaction(ctx, async (ctx) => {
					if (!(await audit.holdPerson(ctx, personId))) return;
					if (!(await findPerson(ctx, personId))?.pausedAt) return;
					for (const id of await notToldOf(ctx, personId)) await wantIn(ctx, personId, id, true);
				});
		if (paused.length < batch) return;
		last = paused.at(-1) as string;
	}
}

/**
 * The organisation says that a pause (`isOn`), or its end, was seen to by hand in a source that nobody described how to tell.
 * Refuses `not-by-hand`: the source is told by itself, there is nothing to be done, or the person wants the other thing by now.
 */
export async function answered(
	ctx: Context,
	personId: string,
	{ source, isOn }: { source: string; isOn: boolean }
): Promise<{ answered: true } | { refused: 'not-by-hand' }> {
	const wish = await selectOne(ctx, personId, source);
	const isMeant = wish?.state === 'by-hand' && wish.isOn === (isOn ? 1 : 0);
	const isDone = isMeant && (await updateWish(ctx, wish, { state: 'done' }));
	return isDone ? { answered: true } : { refused: 'not-by-hand' };
}

/** Where the person's newest wish is not taken over yet; nothing where nobody has to be told. */
export async function openOf(ctx: Context, personId: string): Promise<Open[]> {
	return (await selectOpenOf(ctx, personId)).map(({ id: source, isOn, state, at: since }) => ({
		source,
		isOn: isOn === 1,
		state: state as Open['state'],
		since
	}));
}

/** How many people's wishes each source has not taken over yet, and the oldest of them. */
export async function standings(
	ctx: Context
): Promise<{ source: string; state: Open['state']; people: number; since: string }[]> {
	return (await countOpen(ctx)).map(({ source, state, people, since }) => ({
		source,
		state: state as Open['state'],
		people: Number(people),
		since
	}));
}

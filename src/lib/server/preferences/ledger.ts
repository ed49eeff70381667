// Promise: what was decided is only ever added to; what holds follows from the rows, and the one written last counts.
import type { KeyObject } from 'node:crypto';
import type { Context } from '../context.ts';
import * as audit from '../audit/audit.ts';
import * as contactChanges from '../contact-changes/contact-changes.ts';
import { instant } from '../platform/clock.ts';
import { timeOf } from '../platform/ids.ts';
import type { Origin } from './origins.ts';
import { watch, type WrittenChange } from './reconfirmation/watching.ts';
import { tellSenders } from './telling.ts';
import { keepWords, type ShownBeside } from './words.ts';
import { insertChange, insertChanges, selectNewestId, selectNewestIds, type ChangeRow } from './queries.ts';

export interface Change {
	channel: string;
	topic: string;
	allowed: boolean;
}

export type Written = { changed: number; changeSet: string | null };

/** Stands for every topic that can be refused, also those that the description does not have yet. */
export const everyTopic = '*';

export const keyOf = ({ channel, topic }: { channel: string; topic: string }) => `${channel}.${topic}`;

/** What counts for a cell: its own newest row, unless everything by that way was stopped after it. */
export function standing<Row extends Pick<ChangeRow, 'id' | 'allowed'>>(
	own: Row | undefined,
	stop: Row | undefined
): Row | undefined {
	return stop && !stop.allowed && (!own || own.id < stop.id) ? stop : own;
}

export interface Appending {
	origin: Origin;
	/** When it was decided, where that is not now. */
	at?: Date;
	/** It was decided then and is written down today: its ids sort where it belongs, and it overrides nothing newer. */
	past?: boolean;
	/** Left out where nothing was shown: an import, a keyword. */
	words?: ShownBeside | undefined;
}

/** Ids behind all that the person has, whatever the clock of the process said that wrote the newest one. */
const idsBehindAll = async (ctx: Context, personId: string): Promise<() => string> =>
	idsBehind(ctx, await selectNewestId(ctx, personId));

function idsBehind(ctx: Context, last = ''): () => string {
	let newest = last;
	return () => {
		const id = ctx.ids.next();
		return (newest = newest < id ? id : ctx.ids.at(new Date(timeOf(newest) + 1)));
	};
}

/** Writes the changes as one set, in the caller's transaction that holds the person. */
export async function append(
	ctx: Context,
	personId: string,
	changes: readonly Change[],
	{ origin, at = ctx.clock.now(), past = false, words }: Appending
): Promise<Written> {
	if (!changes.length) return { changed: 0, changeSet: null };
	const changeSet = ctx.ids.next();
	const nextId = past ? () => ctx.ids.at(at) : await idsBehindAll(ctx, personId);
	const written: WrittenChange[] = [];
	for (const { channel, topic, allowed } of changes) {
		const row = { id: nextId(), channel, topic, allowed: allowed ? 1 : 0, origin, changeSet };
		const shown = words && (await keepWords(ctx, words({ channel, topic, allowed })));
		await insertChange(ctx, { personId, ...row, at: instant(at), words: shown ?? null });
		written.push({ personId, ...row, at: instant(at) });
		await contactChanges.note(ctx, personId, topic === everyTopic ? { channel } : { channel, topic });
	}
	await watch(ctx, written, past || origin === 'import');
	const ways = changes.map(({ channel }) => channel);
	if (!past) await tellSenders(ctx, personId, `preferences:${changeSet}`, ways);
	const changed = changes.filter(({ topic }) => topic !== everyTopic).length;
	if (origin !== 'import')
		await audit.record(ctx, personId, `preferences-changed-${origin}`, { count: changed });
	return { changed, changeSet };
}

/** One change of one person. */
export interface Single extends Change {
	personId: string;
	key: KeyObject;
}

/**
 * The same for one change of each of many people, in few statements; each is a set of its own. In the caller's transaction, which
 * holds them.
 */
export async function appendToMany(
	ctx: Context,
	singles: readonly Single[],
	origin: Origin
): Promise<Written[]> {
	const newest = await selectNewestIds(
		ctx,
		singles.map(({ personId }) => personId)
	);
	const at = instant(ctx.clock.now());
	const rows = singles.map(({ personId, channel, topic, allowed }) => {
		const id = idsBehind(ctx, newest.get(personId))();
		const row = { id, channel, topic, allowed: allowed ? 1 : 0, origin, changeSet: ctx.ids.next() };
		return { personId, ...row, at, words: null };
	});
	await insertChanges(ctx, rows);
	await watch(ctx, rows, false);
	await contactChanges.noteMany(ctx, singles);
	for (const { personId, changeSet, channel } of rows)
		await tellSenders(ctx, personId, `preferences:${changeSet}`, [channel]);
	const kind = `preferences-changed-${origin}`;
	await audit.recordMany(
		ctx,
		singles.map(({ personId, key }) => ({ personId, key, kind, details: { count: 1 } }))
	);
	return rows.map(({ changeSet }) => ({ changed: 1, changeSet }));
}

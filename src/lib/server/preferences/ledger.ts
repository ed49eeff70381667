// Promise: what was decided is only ever added to; what holds follows from the rows, and the one written last counts.
import type { Context } from '../context.ts';
import * as audit from '../audit/audit.ts';
import * as contactChanges from '../contact-changes/contact-changes.ts';
import { instant } from '../platform/clock.ts';
import { timeOf } from '../platform/ids.ts';
import type { Origin } from './origins.ts';
import { insertChange, selectNewestId, type ChangeRow } from './queries.ts';

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
}

/** Ids behind all that the person has, whatever the clock of the process said that wrote the newest one. */
async function idsBehindAll(ctx: Context, personId: string): Promise<() => string> {
	let newest = (await selectNewestId(ctx, personId)) ?? '';
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
	{ origin, at = ctx.clock.now(), past = false }: Appending
): Promise<Written> {
	if (!changes.length) return { changed: 0, changeSet: null };
	const changeSet = ctx.ids.next();
	const nextId = past ? () => ctx.ids.at(at) : await idsBehindAll(ctx, personId);
	for (const { channel, topic, allowed } of changes) {
		const row = { id: nextId(), channel, topic, allowed: allowed ? 1 : 0, origin, changeSet };
		await insertChange(ctx, { personId, ...row, at: instant(at), words: null });
		await contactChanges.note(ctx, personId, topic === everyTopic ? { channel } : { channel, topic });
	}
	const changed = changes.filter(({ topic }) => topic !== everyTopic).length;
	if (origin !== 'import')
		await audit.record(ctx, personId, `preferences-changed-${origin}`, { count: changed });
	return { changed, changeSet };
}

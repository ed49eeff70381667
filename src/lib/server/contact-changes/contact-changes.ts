// Promise: whoever may change the answer to "may we write to them" notes it in the same transaction, whatever domain they are of.
import type { Context } from '../context.ts';
import { instant } from '../platform/clock.ts';
import { insertNote, insertNotes, selectFollowing, selectMark } from './queries.ts';

/** What the answer may have changed about; left out: every way, every topic. */
interface About {
	channel?: string;
	topic?: string;
}

/**
 * Notes in the caller's transaction that the answer for a person may be another one from now on. Only that: the answer itself is
 * worked out when somebody asks, so that nobody reads an old one. Noting too often does no harm.
 */
export async function note(ctx: Context, personId: string, { channel, topic }: About = {}): Promise<void> {
	await insertNote(ctx, {
		personId,
		id: ctx.ids.next(),
		channel: channel ?? null,
		topic: topic ?? null,
		at: instant(ctx.clock.now()),
		position: null
	});
}

/** The same for many people at once. */
export async function noteMany(
	ctx: Context,
	changes: readonly { personId: string; channel: string; topic: string }[]
): Promise<void> {
	const at = instant(ctx.clock.now());
	await insertNotes(
		ctx,
		changes.map(({ personId, channel, topic }) => {
			const id = ctx.ids.next();
			return { personId, id, channel, topic, at, position: null };
		})
	);
}

export interface Noted {
	position: number;
	personId: string;
	/** Null: about every way. */
	channel: string | null;
	/** Null: about every topic. */
	topic: string | null;
	at: string;
}

/**
 * What was noted behind a position, in order, at most `limit`. Refuses `changes-gone` where something behind it is no longer kept
 * (a year), or the position was never given (the database was put back to an older copy): whoever has a copy begins anew.
 */
export async function following(
	ctx: Context,
	after: number,
	limit: number
): Promise<{ notes: Noted[]; newest: number } | { refused: 'changes-gone' }> {
	const notes = await selectFollowing(ctx, after, limit);
	const newest = await selectMark(ctx, 'contact-changes');
	if (after < (await selectMark(ctx, 'contact-changes-gone')) || after > newest)
		return { refused: 'changes-gone' };
	return { notes, newest };
}

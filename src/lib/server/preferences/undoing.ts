// Promise: a change that was a mistake is taken back as a whole, once, within the hour.
import type { Context } from '../context.ts';
import { whenSettled } from '../delivery/delivery.ts';
import * as audit from '../audit/audit.ts';
import { after, instant } from '../platform/clock.ts';
import { transaction } from '../platform/database/transaction.ts';
import type { Contactable } from './contact.ts';
import { gridFrom } from './grid.ts';
import { append, everyTopic, keyOf, type Change, type Written } from './ledger.ts';
import { selectChanges, selectLatest, selectSet, type ChangeRow } from './queries.ts';

const undoHours = 1;

/** Going on as before is no change to take back: whoever thinks again ends it. */
const final: ReadonlySet<string> = new Set(['undo', 'import', 'confirmed']);

/** Whether the newest change of a person can be taken back: for an hour, unless it was itself an undo or an import. */
export function undoableOf(
	ctx: Context,
	last: Pick<ChangeRow, 'origin' | 'at' | 'changeSet'> | undefined
): string | undefined {
	if (!last || final.has(last.origin)) return undefined;
	return last.at > instant(after(ctx.clock.now(), -undoHours, 'hours')) ? last.changeSet : undefined;
}

/** The change set that can be taken back. */
export const undoable = async (ctx: Context, personId: string): Promise<string | undefined> =>
	undoableOf(ctx, (await selectChanges(ctx, personId, undefined, 1))[0]);

/** What each choice of a set was before it. */
function backFrom(
	ctx: Context,
	role: string,
	set: readonly ChangeRow[],
	before: readonly ChangeRow[]
): Change[] {
	const changed = new Set(set.map(keyOf));
	const wishes = new Map(before.filter(({ topic }) => topic === everyTopic).map((row) => [row.channel, row]));
	const stops = set
		.filter(({ topic }) => topic === everyTopic)
		.map(({ channel, topic }) => ({ channel, topic, allowed: wishes.get(channel)?.allowed !== 0 }));
	const choices = gridFrom(ctx, role, before).flatMap(({ topic, cells }) =>
		cells
			.filter(({ channel, locked }) => !locked && changed.has(keyOf({ channel, topic: topic.id })))
			.map(({ channel, chosen }) => ({ channel, topic: topic.id, allowed: chosen }))
	);
	return [...stops, ...choices];
}

/** Takes a change set back: each of its choices is again what it was before. Refuses `too-late-to-undo`. */
export async function undo(
	ctx: Context,
	person: Pick<Contactable, 'id' | 'role'>,
	changeSet: string
): Promise<Written | { refused: 'too-late-to-undo' }> {
	const outcome = await transaction(ctx, async (ctx) => {
		await audit.holdPerson(ctx, person.id);
		if ((await undoable(ctx, person.id)) !== changeSet) return { refused: 'too-late-to-undo' as const };
		const before = await selectLatest(ctx, person.id, [changeSet]);
		const back = backFrom(ctx, person.role, await selectSet(ctx, person.id, changeSet), before);
		return append(ctx, person.id, back, { origin: 'undo' });
	});
	return 'refused' in outcome ? outcome : whenSettled(ctx, person.id, outcome);
}

// Promise: a choice counts from the moment it is made, and opting out is never the harder way.
import type { Context } from '../context.ts';
import { whenSettled } from '../delivery/delivery.ts';
import * as audit from '../audit/audit.ts';
import { instant } from '../platform/clock.ts';
import { transaction } from '../platform/database/transaction.ts';
import { choiceOf, type Contactable } from './contact.ts';
import { changesTo, grid, type GridRow } from './grid.ts';
import { append, keyOf, type Change, type Written } from './ledger.ts';
import type { Origin } from './origins.ts';
import { selectAt } from './queries.ts';
import type { ShownBeside } from './words.ts';

/** The changes that differ from what holds; a click twice, or in two windows, is written once. */
function differing(rows: readonly GridRow[], changes: readonly Change[]): Change[] {
	const chosen = new Map(
		rows.flatMap(({ topic, cells }) =>
			cells.map((cell) => [keyOf({ channel: cell.channel, topic: topic.id }), cell.chosen])
		)
	);
	return changes.filter((change) => chosen.get(keyOf(change)) !== change.allowed);
}

/** What an import brings a second time is there already. */
async function unwritten(
	ctx: Context,
	personId: string,
	changes: readonly Change[],
	at: Date
): Promise<Change[]> {
	const written = new Set((await selectAt(ctx, personId, instant(at))).map(keyOf));
	return changes.filter((change) => !written.has(keyOf(change)));
}

/**
 * Writes what the person decided, as one change set; what holds already is not written again (GDPR Art. 21(2)(3):
 * an objection to marketing counts at once). `at` is for imports: decisions of before, which override nothing newer. `words` is what the person saw
 * beside each switch.
 * Refuses `no-such-choice`, and `essential-topic` for turning off what can't be.
 */
export async function set(
	ctx: Context,
	person: Pick<Contactable, 'id' | 'role'>,
	changes: readonly Change[],
	{ origin, at, words }: { origin: Origin; at?: Date; words?: ShownBeside }
): Promise<Written | { refused: 'no-such-choice' | 'essential-topic' }> {
	for (const { channel, topic, allowed } of changes) {
		const choice = choiceOf(ctx, person.role, channel, topic);
		if (!choice) return { refused: 'no-such-choice' };
		if (choice.essential && !allowed) return { refused: 'essential-topic' };
	}
	const written = await transaction(ctx, async (ctx) => {
		await audit.holdPerson(ctx, person.id);
		// History is written as it was: whether it differs from today says nothing, only whether it stands there already.
		if (at)
			return append(ctx, person.id, await unwritten(ctx, person.id, changes, at), { origin, at, past: true });
		return append(ctx, person.id, differing(await grid(ctx, person), changes), { origin, words });
	});
	const isStop = written.changed > 0 && !at && changes.some(({ allowed }) => !allowed);
	return isStop ? whenSettled(ctx, person.id, written) : written;
}

/** Turns off everything that is marketing, by every way, as one change set. */
export async function stopAllMarketing(
	ctx: Context,
	person: Pick<Contactable, 'id' | 'role'>,
	origin: Origin,
	words?: ShownBeside
): Promise<Written> {
	const written = await transaction(ctx, async (ctx) => {
		await audit.holdPerson(ctx, person.id);
		const rows = (await grid(ctx, person)).filter(({ topic }) => topic.marketing);
		return append(ctx, person.id, differing(rows, changesTo(rows, false)), { origin, words });
	});
	return whenSettled(ctx, person.id, written);
}

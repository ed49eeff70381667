// Promise: one word stops everything that can be refused by a way, and takes back no more than it stopped (47 CFR 64.1200(a)(10)).
import type { Context } from '../context.ts';
import { whenSettled } from '../delivery/delivery.ts';
import * as audit from '../audit/audit.ts';
import { instant } from '../platform/clock.ts';
import { transaction } from '../platform/database/transaction.ts';
import type { Contactable } from './contact.ts';
import { changesTo, grid, gridFrom } from './grid.ts';
import { append, everyTopic, keyOf, type Change, type Written } from './ledger.ts';
import type { Origin } from './origins.ts';
import { selectLatest, selectStops, type ChangeRow } from './queries.ts';

type Person = Pick<Contactable, 'id' | 'role'>;
type Erasing = { refused: 'person-leaving' };

/** The stops by a way that no start has taken back, newest first. */
async function stopsOf(ctx: Context, personId: string, channel: string): Promise<ChangeRow[]> {
	const wishes = await selectStops(ctx, personId, channel);
	const start = wishes.findIndex(({ allowed }) => allowed === 1);
	return start < 0 ? wishes : wishes.slice(0, start);
}

/** A carrier whose clock is ahead must not make its stop count for longer. */
function saidAt({ clock }: Context, at: Date | undefined): Date {
	const now = clock.now();
	return at && at < now ? at : now;
}

/**
 * Everything that can be refused by that way is off from now on, as one change set; also topics that the description brings
 * later, until the person chooses. `at` is the carrier's time of it. A stop counts whenever it arrives, even behind a start
 * that was sent after it: who is written to no more can say so once again, who is written to against their word cannot take it
 * back. The same again writes nothing but its later time. Refuses `person-leaving` once the erasure has begun: nothing goes there
 * any more anyhow.
 */
export async function stopChannel(
	ctx: Context,
	person: Person,
	channel: string,
	origin: Origin,
	{ at }: { at?: Date } = {}
): Promise<Written | Erasing> {
	const outcome = await transaction(ctx, async (ctx) => {
		if (!(await audit.holdPerson(ctx, person.id))) return { refused: 'person-leaving' as const };
		const rows = await grid(ctx, person);
		const on = rows.map(({ topic, cells }) => ({
			topic,
			cells: cells.filter((cell) => cell.channel === channel && cell.chosen)
		}));
		const off = changesTo(on, false);
		const [stop] = await stopsOf(ctx, person.id, channel);
		const said = saidAt(ctx, at);
		if (!off.length && stop && !(at && stop.at < instant(said))) return { changed: 0, changeSet: null };
		const changes = [{ channel, topic: everyTopic, allowed: false }, ...off];
		return append(ctx, person.id, changes, { origin, at: said });
	});
	return 'refused' in outcome ? outcome : whenSettled(ctx, person.id, outcome);
}

/**
 * Takes back the newest stop of that way (several in a row are one): what it turned off is again as before, and what the person
 * turned off otherwise stays off. A start that was sent before a stop, or at the same instant, changes nothing: the stop wins.
 * Refuses `person-leaving` once the erasure has begun.
 */
export async function startChannel(
	ctx: Context,
	person: Person,
	channel: string,
	origin: Origin,
	{ at }: { at?: Date } = {}
): Promise<Written | Erasing> {
	return transaction(ctx, async (ctx) => {
		if (!(await audit.holdPerson(ctx, person.id))) return { refused: 'person-leaving' as const };
		const stops = await stopsOf(ctx, person.id, channel);
		const said = saidAt(ctx, at);
		if (!stops.length || stops.some((stop) => stop.at >= instant(said)))
			return { changed: 0, changeSet: null };
		const back = await stoppedBy(ctx, person, channel, stops);
		const changes = [{ channel, topic: everyTopic, allowed: true }, ...back];
		return append(ctx, person.id, changes, { origin, at: said });
	});
}

/** What is off because of these stops and nothing later, and was on before. */
async function stoppedBy(
	ctx: Context,
	person: Person,
	channel: string,
	stops: readonly ChangeRow[]
): Promise<Change[]> {
	const sets = stops.map(({ changeSet }) => changeSet);
	const now = new Map((await selectLatest(ctx, person.id)).map((row) => [keyOf(row), row]));
	const before = gridFrom(ctx, person.role, await selectLatest(ctx, person.id, sets));
	const back = before.map(({ topic, cells }) => ({
		topic,
		cells: cells.filter((cell) => {
			const newest = now.get(keyOf({ channel, topic: topic.id }));
			return cell.channel === channel && cell.chosen && newest && sets.includes(newest.changeSet);
		})
	}));
	return changesTo(back, true);
}

// Promise: who says stop by the link in a message has stopped it, whoever they have become and whatever the topic has become since.
import * as audit from '../audit/audit.ts';
import type { Context } from '../context.ts';
import * as delivery from '../delivery/delivery.ts';
import { gathered } from '../platform/database/gathered.ts';
import { transaction } from '../platform/database/transaction.ts';
import { selectStandings } from './answers/queries.ts';
import { appendToMany, keyOf, standing, type Single, type Written } from './ledger.ts';
import type { Origin } from './origins.ts';
import type { WayOut } from './unsubscribe.ts';

/** Of which of them nobody has said no yet; the same one twice is one. */
async function stillOn(ctx: Context, waysOut: readonly WayOut[]): Promise<Map<string, WayOut>> {
	const asks = waysOut.map(({ personId, channel, topic }) => [personId, channel, topic] as const);
	const standings = await selectStandings(ctx, asks);
	const on = waysOut.filter((_, index) => {
		const found = standings[index];
		return standing(found?.own, found?.stop)?.allowed !== 0;
	});
	return new Map(on.map((wayOut) => [`${wayOut.personId} ${keyOf(wayOut)}`, wayOut]));
}

/** Answers for each, in order, what was written. */
async function stopAll(ctx: Context, waysOut: readonly WayOut[], origin: Origin): Promise<Written[]> {
	const people = [...new Set(waysOut.map(({ personId }) => personId))].sort();
	const keys = await ctx.keys.findMany(people);
	return transaction(ctx, async (ctx) => {
		const held = await audit.holdPeople(ctx, people);
		const on = await stillOn(
			ctx,
			waysOut.filter(({ personId }) => held.has(personId))
		);
		const singles = [...on.values()].flatMap(({ personId, channel, topic }): Single[] => {
			const key = keys.get(personId);
			return key ? [{ personId, key, channel, topic, allowed: false }] : [];
		});
		const written = singles.length ? await appendToMany(ctx, singles, origin) : [];
		const changed = new Map(singles.map((single, index) => [single, written[index]]));
		const byCell = new Map([...changed].map(([single, one]) => [`${single.personId} ${keyOf(single)}`, one]));
		return waysOut.map((wayOut) => {
			// Whoever comes twice at the same instant has changed it once.
			const name = `${wayOut.personId} ${keyOf(wayOut)}`;
			const one = byCell.get(name);
			byCell.delete(name);
			return one ?? { changed: 0, changeSet: null };
		});
	});
}

const stopByProgram = gathered((ctx: Context, waysOut: readonly WayOut[]) =>
	stopAll(ctx, waysOut, 'one-click')
);

/**
 * Turns off what the way out was made for, and answers when nothing of it is under way any more. The “no” is written down also
 * where the topic is off by itself, has gone from the description, or is not for the person's role now: it counts when it comes
 * back. A second time, and for somebody whose erasure has begun, nothing is written.
 */
export async function stop(
	ctx: Context,
	wayOut: WayOut,
	origin: 'one-click' | 'footer-link' | 'mail'
): Promise<Written> {
	const [written] =
		origin === 'one-click' ? [await stopByProgram(ctx, wayOut)] : await stopAll(ctx, [wayOut], origin);
	await delivery.settled(ctx, wayOut.personId);
	return written ?? { changed: 0, changeSet: null };
}

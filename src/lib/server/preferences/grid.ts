// The choices of a person as they stand: every topic of their role by every way that it can come.
import type { Context } from '../context.ts';
import { topicsOf } from '../organisation/lookup.ts';
import type { Channel, Topic } from '../organisation/organisation.ts';
import { isSuppressed } from './answers/suppression.ts';
import { selectAddressFacts } from './blocks/queries.ts';
import type { Contactable } from './contact.ts';
import { everyTopic, keyOf, standing } from './ledger.ts';
import { selectLatest, type ChangeRow } from './queries.ts';

/** One choice as it stands. `chosen` is what the person decided, or the default; what may be sent, `mayContact` says. */
export interface Cell {
	channel: Channel;
	chosen: boolean;
	locked: boolean;
	/** Null where nobody ever changed it. */
	since: string | null;
	origin: string | null;
}

export interface GridRow {
	topic: Topic;
	cells: readonly Cell[];
}

type Counting = Pick<ChangeRow, 'allowed' | 'at' | 'origin'>;

function cellOf(topic: Topic, channel: Channel, counting: Counting | undefined): Cell {
	const chosen = counting ? counting.allowed === 1 : topic.default === 'on';
	return {
		channel,
		chosen: topic.essential || chosen,
		locked: topic.essential,
		since: counting?.at ?? null,
		origin: counting?.origin ?? null
	};
}

/** `strangers`: by way, when whoever had the address before said stop. */
export function gridFrom(
	{ organisation }: Context,
	role: string,
	rows: readonly ChangeRow[],
	strangers: ReadonlyMap<string, string> = new Map()
): GridRow[] {
	const latest = new Map(rows.map((row) => [keyOf(row), row]));
	const ways = organisation.channels.map(({ id }) => id);
	const counting = (channel: string, topic: string): Counting | undefined => {
		const wish = latest.get(keyOf({ channel, topic: everyTopic }));
		const decided = standing(latest.get(keyOf({ channel, topic })), wish);
		const stoppedAt = strangers.get(channel);
		if (!stoppedAt || (decided && decided.at > stoppedAt)) return decided;
		return { allowed: 0, at: stoppedAt, origin: 'stranger' };
	};
	return topicsOf(organisation, role).map((topic) => ({
		topic,
		cells: ways
			.filter((channel) => topic.channels.includes(channel))
			.map((channel) => cellOf(topic, channel, counting(channel, topic.id)))
	}));
}

/** A default is no wish: an address whose former owner left is asked before it is advertised to. */
async function withoutSuppressed(ctx: Context, personId: string, rows: GridRow[]): Promise<GridRow[]> {
	const isOpen = ({ topic }: GridRow, { since, chosen }: Cell) => topic.marketing && chosen && since === null;
	const open = new Set(
		rows.flatMap((row) => row.cells.filter((cell) => isOpen(row, cell)).map(({ channel }) => channel))
	);
	const suppressed = new Set<string>();
	for (const channel of open) if (await isSuppressed(ctx, personId, channel)) suppressed.add(channel);
	if (!suppressed.size) return rows;
	return rows.map((row) => ({
		...row,
		cells: row.cells.map((cell) =>
			isOpen(row, cell) && suppressed.has(cell.channel) ? { ...cell, chosen: false } : cell
		)
	}));
}

/** Every topic of the person's role with a cell for each way that it can come. */
export async function grid(ctx: Context, person: Pick<Contactable, 'id' | 'role'>): Promise<GridRow[]> {
	const facts = await selectAddressFacts(ctx, [person.id]);
	const strangers = new Map(
		facts.flatMap(({ stopped, stoppedAt }) => (stopped && stoppedAt ? [[stopped, stoppedAt] as const] : []))
	);
	const rows = gridFrom(ctx, person.role, await selectLatest(ctx, person.id), strangers);
	return withoutSuppressed(ctx, person.id, rows);
}

/** Every choice of some rows as a change to `allowed`. */
export const changesTo = (rows: readonly GridRow[], allowed: boolean) =>
	rows.flatMap(({ topic, cells }) =>
		cells.filter(({ locked }) => !locked).map(({ channel }) => ({ channel, topic: topic.id, allowed }))
	);

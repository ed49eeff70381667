// The choices of a person as they stand: every topic of their role by every way that it can come.
import type { Context } from '../context.ts';
import { topicsOf } from '../organisation/lookup.ts';
import type { Channel, Topic } from '../organisation/organisation.ts';
import type { Contactable } from './contact.ts';
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

export const keyOf = ({ channel, topic }: { channel: string; topic: string }) => `${channel}.${topic}`;

function cellOf(topic: Topic, channel: Channel, latest: ChangeRow | undefined): Cell {
	const chosen = latest ? latest.allowed === 1 : topic.default === 'on';
	return {
		channel,
		chosen: topic.essential || chosen,
		locked: topic.essential,
		since: latest?.at ?? null,
		origin: latest?.origin ?? null
	};
}

export function gridFrom({ organisation }: Context, role: string, rows: readonly ChangeRow[]): GridRow[] {
	const latest = new Map(rows.map((row) => [keyOf(row), row]));
	const ways = organisation.channels.map(({ id }) => id);
	return topicsOf(organisation, role).map((topic) => ({
		topic,
		cells: ways
			.filter((channel) => topic.channels.includes(channel))
			.map((channel) => cellOf(topic, channel, latest.get(keyOf({ channel, topic: topic.id }))))
	}));
}

/** Every topic of the person's role with a cell for each way that it can come. */
export const grid = async (ctx: Context, person: Pick<Contactable, 'id' | 'role'>): Promise<GridRow[]> =>
	gridFrom(ctx, person.role, await selectLatest(ctx, person.id));

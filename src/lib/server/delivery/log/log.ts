// Promise: what became of messages is known in numbers and codes to those who run the portal, and no name stands beside them.
import type { Context } from '../../context.ts';
import { after, instant } from '../../platform/clock.ts';
import { onceADay } from '../../platform/work/daily.ts';
import type { OutboxTable } from '../../schema.ts';
import { countIn, selectNewest } from './queries.ts';

export { offerAgain, selectUnconfirmed as unconfirmed } from './queries.ts';

/** How far back each state is counted; what is still open is counted however old it is. */
const countedDays = { waiting: null, sending: null, unconfirmed: null, failed: 30, withheld: 30, sent: 1 };
export const states = Object.keys(countedDays) as OutboxTable['state'][];

export interface Tally {
	state: OutboxTable['state'];
	channel: OutboxTable['channel'];
	messages: number;
}

/** Messages by state and channel: what is open, what failed or was withheld in 30 days, what was sent in a day. */
export async function tally(ctx: Context): Promise<Tally[]> {
	const found = states.map(async (state) => {
		const days = countedDays[state];
		const since = days === null ? '' : instant(after(ctx.clock.now(), -days, 'days'));
		return (await countIn(ctx, state, since)).map((row) => ({ state, ...row }));
	});
	return (await Promise.all(found)).flat();
}

export type Listed = Pick<OutboxTable, 'id' | 'channel' | 'template' | 'topic' | 'createdAt' | 'attempts'> & {
	/** Its words are there still: it can be sent once more. */
	isOpen: boolean;
};

/** The newest of a state, by template and id. */
export async function newest(ctx: Context, state: OutboxTable['state'], limit: number): Promise<Listed[]> {
	const rows = await selectNewest(ctx, state, limit);
	return rows.map(({ isOpen, handedAt, ...row }) => ({ ...row, isOpen: Number(isOpen) === 1 }));
}

/** How many messages were given up lately, and how many wait for somebody to decide. */
export const deliveryAlarm = onceADay<Context>('undelivered messages', async (ctx) => {
	const now = ctx.clock.now();
	const sum = (rows: readonly { messages: number }[]) =>
		rows.reduce((all, { messages }) => all + messages, 0);
	const givenUp = sum(await countIn(ctx, 'failed', instant(after(now, -2, 'days'))));
	const unconfirmed = sum(await countIn(ctx, 'unconfirmed', instant(after(now, -7, 'days'))));
	if (givenUp || unconfirmed)
		ctx.log.error({ givenUp, unconfirmed }, 'messages did not arrive: see /staff/deliveries');
});

// Promise: no channel carries more messages a minute than the description allows, over all processes together.
import type { Context } from '../../context.ts';
import { after, instant } from '../../platform/clock.ts';
import { pointsLeft, take, type Limit } from '../../platform/throttle/throttle.ts';
import type { Channel } from '../delivery.ts';

function limitOf({ organisation }: Context, channel: Channel): Limit | undefined {
	const points = organisation.channels.find(({ id }) => id === channel)?.perMinute;
	return points === undefined ? undefined : { name: 'channel', points, seconds: 60 };
}

/** How many messages the channel may still carry this minute. */
export async function leftThisMinute(ctx: Context, channel: Channel): Promise<number> {
	const limit = limitOf(ctx, channel);
	return limit ? pointsLeft(ctx, limit, Buffer.from(channel)) : Infinity;
}

/** Counts one message; answers when the next minute begins where there is no more room in this one. */
export async function takeOne(ctx: Context, channel: Channel): Promise<string | undefined> {
	const limit = limitOf(ctx, channel);
	const wait = limit && (await take(ctx, limit, Buffer.from(channel)));
	return wait && instant(after(ctx.clock.now(), wait.waitSeconds, 'seconds'));
}

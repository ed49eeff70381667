// Promise: who answers a message can know what it was about, and nobody is told the same thing twice over.
import type { Context } from '../context.ts';
import type { Channel } from './delivery.ts';
import type { Template } from './letters.ts';
import { selectLastTopic, selectWrittenSince } from './queries.ts';

/** Whether one of these was written to the person since that instant. */
export const wroteSince = async (
	ctx: Context,
	personId: string,
	templates: readonly Template[],
	since: string
): Promise<boolean> => (await selectWrittenSince(ctx, personId, templates, since)) !== undefined;

/** What the last message by that way was about that left, where it was about something that can be refused. */
export const lastTopic = async (
	ctx: Context,
	personId: string,
	channel: Channel
): Promise<string | undefined> => (await selectLastTopic(ctx, personId, channel))?.topic ?? undefined;

// What waits in the outbox of a portal for a test, opened: to read the code that a person would have been sent.
import type { Context } from '../../src/lib/server/context.ts';
import { letterPlace, type Letter } from '../../src/lib/server/delivery/letters.ts';
import { open } from '../../src/lib/server/platform/keys/keys.ts';

export interface WaitingLetter extends Letter {
	channel: 'email' | 'sms';
	template: string;
}

/** The letters that wait for this person, oldest first. */
export async function waitingLetters(ctx: Context, personId: string): Promise<WaitingLetter[]> {
	const key = await ctx.keys.of(personId);
	const rows = await ctx.db
		.selectFrom('outbox')
		.select(['id', 'channel', 'template', 'sealed'])
		.where('personId', '=', personId)
		.where('state', '=', 'waiting')
		.orderBy('id')
		.execute();
	return rows.map(({ id, channel, template, sealed }) => ({ channel, template, ...open<Letter>(key, letterPlace(id), sealed) }));
}

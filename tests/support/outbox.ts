// What the portal would have sent so far, read from the outbox of a test's own portal.
import type { Context } from '../../src/lib/server/context.ts';
import { letterPlace, type Letter } from '../../src/lib/server/delivery/letters.ts';
import { open } from '../../src/lib/server/platform/keys/keys.ts';

export interface Waiting extends Letter {
	template: string;
	channel: 'email' | 'sms';
}

/** Messages that belong to the person, oldest first, as long as they were not delivered. */
export async function outboxOf(ctx: Context, personId: string): Promise<Waiting[]> {
	const key = await ctx.keys.of(personId);
	const rows = await ctx.db
		.selectFrom('outbox')
		.selectAll()
		.where('personId', '=', personId)
		.where('state', '=', 'waiting')
		.orderBy('id')
		.execute();
	return rows.map(({ id, template, channel, sealed }) => ({
		template,
		channel,
		...open<Letter>(key, letterPlace(id), sealed)
	}));
}

/** The code in the person's newest message of that template. */
export async function codeOf(ctx: Context, personId: string, template: string): Promise<string> {
	const found = (await outboxOf(ctx, personId)).findLast((message) => message.template === template);
	if (!found) throw new Error(`no ${template} was sent`);
	return String(found.values.code);
}

// Messages: each that was committed arrives, and none twice. Of those whose last bytes were leaving when the process died nobody can
// tell; they are said to be unconfirmed, and are few.
import assert from 'node:assert/strict';
import type { Context } from '../../../src/lib/server/context.ts';
import * as delivery from '../../../src/lib/server/delivery/delivery.ts';
import { reader, workUntil } from './people.ts';
import { scenario, type World } from './scenario.ts';

interface Given {
	messages: string[];
}

/** As many as are handed to the mail server at once: the lanes of mail, for codes and for everything else. */
const atOnce = 20;

async function prepare({ ctx }: World): Promise<Given> {
	const messages: string[] = [];
	for (let number = 0; number < 20; number += 1) {
		const { id } = await reader(ctx, `reader-${number}`, 0);
		for (const template of ['request-answered', 'withdrawal-cancelled', 'address-in-use'] as const)
			for (let again = 0; again < 3; again += 1) {
				const sent = await delivery.send(ctx, id, { template });
				if ('id' in sent) messages.push(sent.id);
			}
	}
	return { messages };
}

async function nothingWaits(ctx: Context): Promise<boolean> {
	const row = await ctx.db
		.selectFrom('outbox')
		.select('id')
		.where('state', 'in', ['waiting', 'sending'])
		.executeTakeFirst();
	return row === undefined;
}

async function check({ ctx, mails, kills }: World, { messages }: Given): Promise<void> {
	const rows = await ctx.db.selectFrom('outbox').selectAll().execute();
	assert.equal(rows.length, messages.length);
	const arrived = new Set(mails.map(({ id }) => id.slice(1).split('@')[0] as string));
	assert.equal(mails.length, arrived.size, 'a message came twice');
	for (const { id, state, sealed, sentAt } of rows) {
		if (state === 'unconfirmed') continue;
		assert.deepEqual([state, sealed.length, sentAt !== null], ['sent', 0, true]);
		assert.ok(arrived.has(id), `${id} never came`);
	}
	const open = rows.filter(({ state }) => state === 'unconfirmed');
	assert.ok(open.length <= kills * atOnce, `${open.length} unconfirmed after ${kills} kills`);
}

export const deliveries = scenario<Given>({
	name: 'deliveries',
	prepare,
	drive: (ctx) => workUntil(ctx, () => nothingWaits(ctx)),
	check
});

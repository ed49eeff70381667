// People who leave: each is fully there or fully gone, is written to once, and nobody else is touched.
import assert from 'node:assert/strict';
import type { Context } from '../../../src/lib/server/context.ts';
import { find } from '../../../src/lib/server/accounts/accounts.ts';
import { build, pathOf } from '../../../src/lib/server/exports/exports.ts';
import * as withdrawal from '../../../src/lib/server/withdrawal/withdrawal.ts';
import { addressOf, checkGone, reader, rowsOf, workUntil } from './people.ts';
import { scenario, type World } from './scenario.ts';

interface Given {
	leaving: { id: string; address: string }[];
	/** Rows by table of those who stay, as they were. */
	staying: Record<string, Record<string, string>>;
}

async function prepare({ ctx, random }: World): Promise<Given> {
	const given: Given = { leaving: [], staying: {} };
	for (let number = 0; number < 18; number += 1) {
		const person = await reader(ctx, `reader-${number}`, random.whole(0, 120));
		// Not through the order of a person: only the file matters here, and that a thread builds it does not.
		if (number % 6 === 0) await exportFor(ctx, person);
		if (number % 3 === 2) {
			given.staying[person.id] = await rowsOf(ctx, person.id);
			continue;
		}
		await withdrawal.request(ctx, person, { note: 'I move away', graceDays: 0 });
		given.leaving.push({ id: person.id, address: addressOf(person) });
	}
	return given;
}

async function exportFor(ctx: Context, person: { id: string; timeZone: string }): Promise<void> {
	const id = ctx.ids.next();
	const at = ctx.clock.now().toISOString();
	await build(ctx, {
		personId: person.id,
		exportId: id,
		categories: undefined,
		language: 'en',
		timeZone: person.timeZone,
		path: pathOf(ctx, person.id, id)
	});
	const built = { bytes: 1, records: 1, sha256: '', complete: 1, failure: null };
	await ctx.db
		.insertInto('export')
		.values({
			...{ personId: person.id, id, state: 'ready', categories: '', language: 'en', createdAt: at },
			...{ readyAt: at, expiresAt: '2027-01-01T00:00:00.000Z', ...built },
			...{ nextAttemptAt: '2027-01-01T00:00:00.000Z', leasedUntil: null, attempts: 1 },
			...{ locked: 0, prolonged: 0 },
			...{ since: null, until: null, volumeBytes: null, completes: null, progress: null, missing: null }
		})
		.execute();
}

/** Somebody who is still there, is being erased, or was erased and has not been written to yet. */
async function anybodyLeaving(ctx: Context, { leaving }: Given): Promise<boolean> {
	const ids = leaving.map(({ id }) => id);
	const left = await ctx.db.selectFrom('person').select('personId').where('personId', 'in', ids).execute();
	const running = await ctx.db
		.selectFrom('withdrawal')
		.select('id')
		.where('personId', 'in', ids)
		.where('state', 'in', ['grace', 'erasing'])
		.execute();
	const untold = await ctx.db
		.selectFrom('erasureCase')
		.select('id')
		.where('state', 'in', ['locked', 'erased'])
		.where('toldAt', 'is', null)
		.execute();
	return left.length + running.length + untold.length > 0;
}

/** Until the key dies nothing is missing; from then on the tombstone stands, and nobody finds the person. */
async function checkKilled({ ctx }: World, { leaving, staying }: Given): Promise<void> {
	for (const { id } of leaving) {
		const [key, isErased] = [await ctx.keys.find(id), await ctx.keys.isErased(id)];
		assert.notEqual(key === undefined, !isErased, `${id} has both a key and a tombstone, or neither`);
		if (isErased) assert.equal(await find(ctx, id), undefined);
		else assert.ok((await rowsOf(ctx, id))['record_count'] !== undefined || (await find(ctx, id)));
	}
	await checkStaying(ctx, staying);
}

async function checkStaying(ctx: Context, staying: Given['staying']): Promise<void> {
	for (const [id, rows] of Object.entries(staying)) assert.deepEqual(await rowsOf(ctx, id), rows);
}

async function check({ ctx, mails }: World, { leaving, staying }: Given): Promise<void> {
	for (const { id, address } of leaving) {
		await checkGone(ctx, id);
		const ids = new Map<string, Set<string>>();
		for (const mail of mails.filter(({ to }) => to === address))
			ids.set(mail.subject, (ids.get(mail.subject) ?? new Set()).add(mail.id));
		// One message of each kind: that it was asked for, and that it is done.
		assert.ok(ids.size >= 2, `${address} was not told everything: ${[...ids.keys()].join(' | ')}`);
		for (const [subject, different] of ids) assert.equal(different.size, 1, `${address}: "${subject}" twice`);
	}
	await checkStaying(ctx, staying);
}

export const withdrawals = scenario<Given>({
	name: 'withdrawals',
	prepare,
	drive: (ctx, given) => workUntil(ctx, async () => !(await anybodyLeaving(ctx, given))),
	checkKilled,
	check
});

// What several scenarios need: people with something of everything, what is left of somebody, and a worker that stops.
import assert from 'node:assert/strict';
import { existsSync, globSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import * as audit from '../../../src/lib/server/audit/audit.ts';
import type { Context } from '../../../src/lib/server/context.ts';
import * as disclosures from '../../../src/lib/server/disclosures/disclosures.ts';
import { startWorker } from '../../../src/lib/server/platform/work/work.ts';
import * as records from '../../../src/lib/server/records/records.ts';
import type { Schema } from '../../../src/lib/server/schema.ts';
import { somebody } from '../../support/people.ts';

export type Somebody = Awaited<ReturnType<typeof somebody>>;

/** The address of `somebody`. */
export const addressOf = ({ externalId }: Pick<Somebody, 'externalId'>) => `${externalId}@example.com`;

/** A reader with so many loans, a few disclosures and an account history. */
export async function reader(ctx: Context, name: string, loans: number): Promise<Somebody> {
	const person = await somebody(ctx, { name, language: 'en' });
	const rows = Array.from({ length: loans }, (_, number) => ({
		category: 'loans',
		id: `loan-${number}`,
		at: new Date(ctx.clock.now().getTime() - number * 60_000).toISOString(),
		fields: { title: `Title ${number} of ${name}`, dueOn: '2026-12-01' }
	}));
	await records.put(ctx, person.id, rows);
	await disclosures.release(
		ctx,
		person.id,
		[1, 2, 3].map((number) => ({
			partner: 'bindery',
			purpose: 'lending',
			fields: ['loans.title'],
			at: new Date(ctx.clock.now().getTime() - number * 3_600_000)
		}))
	);
	await audit.record(ctx, person.id, 'account-imported');
	return person;
}

/** Whoever works gives events their place in the audit tree: nothing about the person changes by that. */
const asText = (row: object): string =>
	JSON.stringify(row, (name, value: unknown) => (name === 'position' ? undefined : value));

/** Every row that a contract claims for the person, as text, by table; tables without any are left out. */
export async function rowsOf(ctx: Context, personId: string): Promise<Record<string, string>> {
	const found: Record<string, string> = {};
	for (const table of ctx.contracts.flatMap(({ tables }) => tables)) {
		const name = table.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase()) as keyof Schema;
		const rows = await ctx.db
			.selectFrom(name as 'person')
			.selectAll()
			.where('personId', '=', personId)
			.execute();
		if (rows.length) found[table] = rows.map(asText).sort().join('\n');
	}
	return found;
}

/** Whoever is gone is gone from every table, from the keys, and from the data folder; the tombstone stands. */
export async function checkGone(ctx: Context, personId: string): Promise<void> {
	assert.deepEqual(await rowsOf(ctx, personId), {}, `rows of ${personId} are left`);
	assert.equal(await ctx.keys.find(personId), undefined, `the key of ${personId} is left`);
	assert.equal(await ctx.keys.isErased(personId), true, `${personId} has no tombstone`);
	const files = filesBelow(ctx.settings.dataFolder).filter((file) => file.includes(personId));
	assert.deepEqual(
		files.filter((file) => /\.\w+$/.test(file)),
		[],
		`files of ${personId} are left`
	);
}

export const filesBelow = (folder: string): string[] =>
	existsSync(folder) ? globSync('**/*', { cwd: folder }).map((file) => join(folder, file)) : [];

/** Works as a server does, without its pauses, until `isDone`. */
export async function workUntil(ctx: Context, isDone: () => Promise<boolean>): Promise<void> {
	const worker = startWorker(ctx, 20);
	while (!(await isDone())) await pause(20);
	await worker.stop();
}

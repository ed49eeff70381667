// Every table, and every folder below the data folder, belongs to a keeper of personal data or says why it holds none.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { populate } from '../../src/lib/server/demonstration/demonstration.ts';
import { order } from '../../src/lib/server/exports/exports.ts';
import { noPersonalData } from '../../src/lib/server/no-personal-data.ts';
import * as people from '../../src/lib/server/accounts/people.ts';
import { workOnce } from '../../src/lib/server/platform/work/work.ts';
import { engine } from '../support/databases.ts';
import { alice, as } from '../support/people.ts';
import { portalForTest } from '../support/portal-for-test.ts';

const portal = portalForTest({ description: 'examples/classting' });
/** Full of the demonstration's people. */
const crowd = portalForTest({ description: 'examples/classting' });

test('each table is claimed by exactly one keeper, or listed with a reason', async () => {
	const ctx = portal.as();
	const tables = (await ctx.db.introspection.getTables({ withInternalKyselyTables: true })).map(
		({ name }) => name
	);
	const claimed = ctx.contracts.flatMap((contract) => contract.tables);
	expect(claimed.length).toBe(new Set(claimed).size);
	for (const table of tables) {
		const homes = Number(claimed.includes(table)) + Number(table in noPersonalData);
		expect(homes, `${table} is claimed ${homes} times`).toBe(1);
	}
	for (const table of [...claimed, ...Object.keys(noPersonalData)]) expect(tables, table).toContain(table);
});

test('each claimed table leads with the person', async () => {
	const ctx = portal.as();
	const tables = await ctx.db.introspection.getTables();
	for (const table of ctx.contracts.flatMap((contract) => contract.tables)) {
		const columns = tables.find(({ name }) => name === table)?.columns.map(({ name }) => name) ?? [];
		expect(columns.slice(0, 2), table).toContain('person_id');
	}
});

test('every folder below the data folder is claimed', async () => {
	const ctx = portal.as();
	const person = await alice(ctx);
	await order(as(ctx, person), person, { categories: [], language: 'en', sessionId: 's' }, 60_000);
	const claimed = ctx.contracts.flatMap((contract) => contract.folders ?? []);
	const folders = readdirSync(portal.dataFolder).filter((name) =>
		statSync(join(portal.dataFolder, name)).isDirectory()
	);
	expect(folders).toContain('exports');
	for (const folder of folders) expect(claimed, folder).toContain(folder);
});

/** Texts that stand in a value of somebody, long enough not to come about by chance. */
function needlesIn(value: unknown): string[] {
	if (typeof value === 'string') return value.length >= 9 ? [value] : [];
	if (Array.isArray(value)) return value.flatMap(needlesIn);
	return value && typeof value === 'object' ? Object.values(value).flatMap(needlesIn) : [];
}

/** What every keeper holds about a person, as their export would have it. */
async function everythingHeld(personId: string): Promise<Map<string, string[]>> {
	const ctx = crowd.as();
	const found = new Map<string, string[]>();
	for (const contract of ctx.contracts)
		for (const part of await contract.collect(ctx, personId))
			for await (const rows of part.pages())
				for (const row of rows)
					for (const { id } of part.fields) {
						const name = `${part.path}.${id}`;
						found.set(name, [...(found.get(name) ?? []), ...needlesIn(row[id])]);
					}
	return found;
}

/** Codes, ids and instants may stand in the clear; they name nobody. */
const clear =
	/^([a-z][a-z0-9-]*([._:][a-z0-9-]+)*|\d{4}-\d\d-\d\d(T[\d:.]+Z)?|[0-9a-f-]{36}|(person|portal|system|staff)(:[0-9a-f-]{36})?|[A-Za-z_-]+(\/[A-Za-z_-]+){1,2}|[0-9a-f]{64})$/;

test.runIf(engine === 'sqlite')(
	'no value of anybody can be read in the database files',
	{ timeout: 120_000 },
	async () => {
		const ctx = crowd.as();
		await populate(ctx);
		await workOnce(ctx);
		const ids = (await ctx.db.selectFrom('person').select('personId').execute()).map(
			({ personId }) => personId
		);
		const files = [crowd.settings.databaseUrl, crowd.settings.keysUrl].map((url) =>
			url.slice('sqlite:'.length)
		);
		const bytes = Buffer.concat(
			files
				.flatMap((file) => [file, `${file}-wal`])
				.filter(existsSync)
				.map((file) => readFileSync(file))
		);
		let checked = 0;
		for (const id of ids) {
			expect(await people.find(ctx, id)).toBeDefined();
			for (const [field, needles] of await everythingHeld(id))
				for (const needle of new Set(needles)) {
					if (clear.test(needle)) continue;
					checked++;
					expect(bytes.includes(needle), `a value of ${field} lies in the clear`).toBe(false);
				}
		}
		expect(checked).toBeGreaterThan(500);
	}
);

// Every table, and every folder below the data folder, belongs to a keeper of personal data or says why it holds none.
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { order } from '../../src/lib/server/exports/exports.ts';
import { noPersonalData } from '../../src/lib/server/no-personal-data.ts';
import { alice, as } from '../support/people.ts';
import { portalForTest } from '../support/portal-for-test.ts';

const portal = portalForTest({ description: 'examples/classting' });

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

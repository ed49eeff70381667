import { readFileSync, writeFileSync } from 'node:fs';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { alice, bob } from '../../../../../tests/support/people.ts';
import { portalForTest } from '../../../../../tests/support/portal-for-test.ts';
import type { Person } from '../../accounts/people.ts';
import { after } from '../../platform/clock.ts';
import { seal } from '../../platform/keys/keys.ts';
import type {
	AuditChainTable,
	AuditEventTable,
	AuditHeadTable,
	AuditLeafTable,
	AuditNodeTable
} from '../../schema.ts';
import * as audit from '../audit.ts';
import { append, place } from '../chain.ts';
import { auditContract } from '../personal-data.ts';
import { headsFile } from '../tree/heads.ts';
import { auditWork } from '../tree/positions.ts';

const portal = portalForTest();
const ctx = () => portal.as();
const db = () => ctx().db;
let one: Person, other: Person;

async function work(): Promise<void> {
	portal.clock.move(after(portal.clock.now(), 61, 'seconds'));
	while ((await auditWork.run(ctx())) > 0);
}

const eventsOf = (person: Person) =>
	db().selectFrom('auditEvent').selectAll().where('personId', '=', person.id).orderBy('number').execute();

interface Kept {
	events: AuditEventTable[];
	chains: AuditChainTable[];
	leaves: AuditLeafTable[];
	nodes: AuditNodeTable[];
	heads: AuditHeadTable[];
	file: string;
}

const tables = ['auditEvent', 'auditChain', 'auditLeaf', 'auditNode', 'auditHead'] as const;
let kept: Kept;

const keep = async (): Promise<Kept> => ({
	events: await db().selectFrom('auditEvent').selectAll().execute(),
	chains: await db().selectFrom('auditChain').selectAll().execute(),
	leaves: await db().selectFrom('auditLeaf').selectAll().execute(),
	nodes: await db().selectFrom('auditNode').selectAll().execute(),
	heads: await db().selectFrom('auditHead').selectAll().execute(),
	file: readFileSync(headsFile(portal.settings), 'utf8')
});

async function putBack({ events, chains, leaves, nodes, heads, file }: Kept): Promise<void> {
	for (const table of tables) await db().deleteFrom(table).execute();
	await db().insertInto('auditEvent').values(events).execute();
	await db().insertInto('auditChain').values(chains).execute();
	await db().insertInto('auditLeaf').values(leaves).execute();
	await db().insertInto('auditNode').values(nodes).execute();
	await db().insertInto('auditHead').values(heads).execute();
	writeFileSync(headsFile(portal.settings), file);
}

beforeAll(async () => {
	[one, other] = [await alice(ctx()), await bob(ctx())];
	for (let index = 0; index < 7; index++) {
		await audit.record(ctx(), one.id, 'session-started', { device: `Firefox ${index}` });
		await audit.record(ctx(), other.id, 'session-started', { device: `Firefox ${index}` });
		if (index % 3 === 0) await work();
	}
	const gone = await alice(ctx());
	for (let index = 0; index < 3; index++) await audit.record(ctx(), gone.id, 'session-started');
	await work();
	await auditContract.erase(ctx(), gone.id, 100);
	await audit.record(ctx(), one.id, 'session-ended');
	kept = await keep();
});

beforeEach(() => putBack(kept));

const found = async () => (await audit.verify(ctx())).findings;

test('where nobody touched anything nothing is found, an erasure and what is not placed yet included', async () => {
	const result = await audit.verify(ctx());
	expect(result).toMatchObject({ found: 0, findings: [], people: 2, leaves: kept.leaves.length });
	expect(result.events).toBe(kept.events.length);
	expect(result.heads).toEqual({ database: kept.heads.length, file: kept.heads.length });
	expect(kept.heads.length).toBeGreaterThan(2);
	expect(kept.events.length).toBeLessThan(kept.leaves.length);
});

test('it may run while events are written, placed and signed', async () => {
	const writing = (async () => {
		for (let index = 0; index < 20; index++) {
			await audit.record(ctx(), one.id, 'session-started', { index });
			await work();
		}
	})();
	for (let run = 0; run < 5; run++) expect(await found()).toEqual([]);
	await writing;
	expect(await found()).toEqual([]);
});

describe('of the events of a person', () => {
	const at = (number: number) => async (change: Partial<AuditEventTable>) =>
		db()
			.updateTable('auditEvent')
			.set(change)
			.where('personId', '=', one.id)
			.where('number', '=', number)
			.execute();
	const changed = { found: 'event-changed', personId: '', number: 3 };
	const expected = () => [{ ...changed, personId: one.id }];

	test('a flipped bit is found', async () => {
		const { sealed } = (await eventsOf(one))[2] as AuditEventTable;
		sealed[sealed.length - 1] = (sealed.at(-1) as number) ^ 1;
		await at(3)({ sealed });
		expect(await found()).toEqual(expected());
	});

	test('another instant, kind or actor is found', async () => {
		for (const change of [
			{ at: '2020-01-01T00:00:00.000Z' },
			{ kind: 'session-ended' },
			{ actor: 'portal-' }
		]) {
			await putBack(kept);
			await at(3)(change);
			expect(await found(), JSON.stringify(change)).toEqual(expected());
		}
	});

	test('other details, sealed with her own key, are found', async () => {
		const { id } = (await eventsOf(one))[2] as AuditEventTable;
		await at(3)({ sealed: seal(await ctx().keys.of(one.id), place(id), { device: 'another' }) });
		expect(await found()).toEqual(expected());
	});

	test('a dropped one is found', async () => {
		await db().deleteFrom('auditEvent').where('personId', '=', one.id).where('number', '=', 4).execute();
		expect(await found()).toContainEqual({ found: 'event-missing', personId: one.id, number: 4 });
		expect(await found()).toContainEqual(expect.objectContaining({ found: 'events-gone' }));
	});

	test('two that changed places are found', async () => {
		await at(2)({ number: 1_000 });
		await at(3)({ number: 2 });
		await at(1_000)({ number: 3 });
		expect((await found()).map(({ found }) => found)).toContain('event-changed');
	});

	test('a cut end is found, also when the end of the chain was put back to fit', async () => {
		const events = await eventsOf(one);
		const last = events.length;
		await db()
			.deleteFrom('auditEvent')
			.where('personId', '=', one.id)
			.where('number', '>', last - 2)
			.execute();
		expect(await found()).toContainEqual({ found: 'event-missing', personId: one.id, number: last - 1 });

		const { commitment } = events[last - 3] as AuditEventTable;
		await db()
			.updateTable('auditChain')
			.set({ events: last - 2, commitment: commitment as Buffer })
			.where('personId', '=', one.id)
			.execute();
		expect(await found()).toContainEqual({ found: 'chain-cut', personId: one.id });
	});

	test('a lost chain, and one that was put back to an earlier day, are found', async () => {
		await db().deleteFrom('auditChain').where('personId', '=', one.id).execute();
		expect(await found()).toEqual([{ found: 'chain-cut', personId: one.id }]);

		await putBack(kept);
		const earlier = kept.chains.find(({ personId }) => personId === one.id) as AuditChainTable;
		await audit.record(ctx(), one.id, 'session-started');
		await db().updateTable('auditChain').set(earlier).where('personId', '=', one.id).execute();
		expect(await found()).toEqual([{ found: 'chain-cut', personId: one.id }]);
	});

	test('all of them gone with their chain, as no erasure does it, is found', async () => {
		await db().deleteFrom('auditEvent').where('personId', '=', one.id).execute();
		await db().deleteFrom('auditChain').where('personId', '=', one.id).execute();
		expect((await found()).map(({ found }) => found)).toEqual(['events-gone']);
	});
});

describe('of the tree', () => {
	const leaf = (position: number) => kept.leaves.find((one) => one.position === position) as AuditLeafTable;
	const setLeaf = (position: number, commitment: Buffer) =>
		db().updateTable('auditLeaf').set({ commitment }).where('position', '=', position).execute();
	const kinds = async () => new Set((await found()).map(({ found }) => found));

	test('a changed leaf is found by its event, its hashes and the heads', async () => {
		await setLeaf(2, Buffer.alloc(32, 7));
		expect(await kinds()).toEqual(new Set(['head-differs', 'node-wrong', 'leaf-differs']));
	});

	test('two leaves that changed places are found', async () => {
		await setLeaf(0, leaf(1).commitment);
		await setLeaf(1, leaf(0).commitment);
		expect((await kinds()).has('head-differs')).toBe(true);
	});

	test('a dropped leaf is found', async () => {
		await db().deleteFrom('auditLeaf').where('position', '=', 5).execute();
		expect(await found()).toContainEqual({ found: 'leaf-missing', position: 5 });
	});

	test('a cut end is found', async () => {
		const size = kept.leaves.length;
		await db()
			.deleteFrom('auditLeaf')
			.where('position', '=', size - 1)
			.execute();
		const cut = { found: 'tree-cut', size, leaves: size - 1 };
		expect(await found()).toContainEqual({ ...cut, place: 'database' });
		expect(await found()).toContainEqual({ ...cut, place: 'file' });
	});

	test('a changed or lost hash is found', async () => {
		await db()
			.updateTable('auditNode')
			.set({ hash: Buffer.alloc(32) })
			.where('level', '=', 1)
			.where('number', '=', 0)
			.execute();
		expect(await found()).toEqual([{ found: 'node-wrong', level: 1, number: 0 }]);
		await db().deleteFrom('auditNode').where('level', '=', 1).where('number', '=', 0).execute();
		expect(await found()).toEqual([{ found: 'node-wrong', level: 1, number: 0 }]);
	});
});

describe('of the heads', () => {
	const first = () => [...kept.heads].sort((a, b) => a.size - b.size)[0] as AuditHeadTable;

	test('a changed one is found, and one that somebody else signed', async () => {
		const { size } = first();
		const change = (head: Partial<AuditHeadTable>) =>
			db().updateTable('auditHead').set(head).where('size', '=', size).execute();
		await change({ root: Buffer.alloc(32) });
		expect(await found()).toEqual([{ found: 'head-forged', place: 'database', size }]);
		await putBack(kept);
		await change({ jws: `${first().jws.slice(0, -6)}AAAAAA` });
		expect(await found()).toEqual([{ found: 'head-forged', place: 'database', size }]);
	});

	test('a line of the file that was changed is found', async () => {
		writeFileSync(
			headsFile(portal.settings),
			`${kept.file}{"size":1,"root":"00","at":"","jws":"x.y.z"}\nno line\n`
		);
		expect(await found()).toEqual([
			{ found: 'head-forged', place: 'file', size: 1 },
			{ found: 'head-forged', place: 'file', size: 0 }
		]);
	});

	test('a past that was written anew with all keys of the portal does not fit the heads outside the database', async () => {
		const key = await ctx().keys.of(one.id);
		const told = (await audit.page(ctx(), one.id, undefined, 100)).reverse();
		for (const table of ['auditLeaf', 'auditNode', 'auditHead'] as const)
			await db().deleteFrom(table).execute();
		await db().deleteFrom('auditEvent').where('personId', '=', one.id).execute();
		await db().deleteFrom('auditChain').where('personId', '=', one.id).execute();
		await db().updateTable('auditEvent').set({ position: null }).execute();
		await db()
			.transaction()
			.execute(async (tx) => {
				for (const event of told)
					await append({ ...ctx(), db: tx }, one.id, key, { ...event, details: { device: 'invented' } });
			});
		const heads = new Set((await found()).flatMap((finding) => ('place' in finding ? [finding.place] : [])));
		expect(heads).toEqual(new Set(['file']));
		writeFileSync(headsFile(portal.settings), '');
		await work();
		const signedAnew = readFileSync(headsFile(portal.settings), 'utf8');
		expect(await found()).toEqual([]);
		writeFileSync(headsFile(portal.settings), kept.file + signedAnew);
		const findings = await found();
		expect(findings.length).toBeGreaterThan(0);
		expect(new Set(findings.map(({ found }) => found))).toEqual(new Set(['head-differs', 'tree-cut']));
		expect(new Set(findings.map((finding) => 'place' in finding && finding.place))).toEqual(
			new Set(['file'])
		);
	});
});

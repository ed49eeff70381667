import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { alice, bob } from '../../../../../tests/support/people.ts';
import { portalForTest } from '../../../../../tests/support/portal-for-test.ts';
import { after } from '../../platform/clock.ts';
import { grow, rootOf, type Subtree } from '../../platform/merkle/tree.ts';
import * as audit from '../audit.ts';
import { auditContract } from '../personal-data.ts';
import { headsFile, headType } from './heads.ts';
import { auditWork } from './positions.ts';
import { selectHeads, selectLeaves, selectNewestHead } from './queries.ts';

const portal = portalForTest();
const ctx = () => portal.as();

const work = async () => {
	while ((await auditWork.run(ctx())) > 0);
};
const laterBy = (seconds: number) => portal.clock.move(after(portal.clock.now(), seconds, 'seconds'));

async function events(personId: string, count: number) {
	for (let index = 0; index < count; index++)
		await audit.record(ctx(), personId, 'session-started', { index });
}

async function rootOfLeaves(size: number): Promise<Buffer> {
	const edge: Subtree[] = [];
	for (const { position, commitment } of await selectLeaves(ctx(), 0, size)) grow(edge, position, commitment);
	return rootOf(edge.map(({ hash }) => hash));
}

test('workers at once give every event one place, without gaps', async () => {
	const [one, other] = [await alice(ctx()), await bob(ctx())];
	await events(one.id, 9);
	await events(other.id, 4);
	const idle = () => undefined;
	await Promise.all([1, 2, 3].map(() => auditWork.run(ctx()).catch(idle)));
	await work();

	const leaves = await selectLeaves(ctx(), 0, 1_000);
	expect(leaves.map(({ position }) => position)).toEqual(leaves.map((_, index) => index));
	const placed = await ctx().db.selectFrom('auditEvent').select(['position', 'commitment']).execute();
	expect(placed.length).toBe(leaves.length);
	for (const { position, commitment } of placed)
		expect(leaves[position as number]?.commitment).toEqual(commitment);
});

test('a signed head of the grown tree comes a minute after the last one, and stands in a file as well', async () => {
	const person = await alice(ctx());
	laterBy(61);
	await events(person.id, 3);
	await work();
	const before = await selectNewestHead(ctx());
	await events(person.id, 4);
	laterBy(59);
	await work();
	expect(await selectNewestHead(ctx())).toEqual(before);
	laterBy(1);
	await work();

	const head = await selectNewestHead(ctx());
	expect(head?.size).toBe((before?.size ?? 0) + 4);
	expect(head?.root).toEqual(await rootOfLeaves(head?.size as number));
	const { size, root, at, jws } = JSON.parse(
		readFileSync(headsFile(portal.settings), 'utf8').trim().split('\n').at(-1) as string
	);
	expect({ size, root, at, jws }).toEqual({ ...head, root: head?.root.toString('hex') });
	expect(await ctx().signer.read(headType, jws)).toEqual({ size, root, at });
	expect(await auditWork.run(ctx())).toBe(0);
});

test('a clock that was moved back does not keep heads from being signed', async () => {
	const person = await alice(ctx());
	laterBy(-3_600);
	await events(person.id, 1);
	await work();
	const head = await selectNewestHead(ctx());
	expect(head?.size).toBe((await selectLeaves(ctx(), 0, 10_000)).length);
});

test('an erasure takes the events and leaves the leaves: every signed head still fits', async () => {
	const [gone, stays] = [await alice(ctx()), await bob(ctx())];
	laterBy(61);
	await events(gone.id, 5);
	await events(stays.id, 2);
	await work();
	const leaves = await selectLeaves(ctx(), 0, 10_000);
	for (;;) if ((await auditContract.erase(ctx(), gone.id, 2)).done) break;

	expect(await selectLeaves(ctx(), 0, 10_000)).toEqual(leaves);
	for (const { size, root } of await selectHeads(ctx(), 0, 1_000))
		expect(await rootOfLeaves(size)).toEqual(root);
	const left = await ctx()
		.db.selectFrom('auditChain')
		.select('personId')
		.where('personId', '=', gone.id)
		.execute();
	expect(left).toEqual([]);
});

test('events from before there were chains join their person’s chain and the tree', async () => {
	const person = await alice(ctx());
	await events(person.id, 3);
	const mine = () =>
		ctx().db.selectFrom('auditEvent').select(['number', 'position']).where('personId', '=', person.id);
	await ctx()
		.db.updateTable('auditEvent')
		.set({ number: null, commitment: null })
		.where('personId', '=', person.id)
		.execute();
	await ctx().db.deleteFrom('auditChain').where('personId', '=', person.id).execute();
	await work();
	expect((await mine().orderBy('number').execute()).map(({ number }) => number)).toEqual([1, 2, 3]);
	expect((await mine().execute()).every(({ position }) => position !== null)).toBe(true);
});

test('over a tree that does not agree with its newest head nothing is signed', async () => {
	const person = await alice(ctx());
	await events(person.id, 2);
	laterBy(61);
	await work();
	const { size } = (await selectNewestHead(ctx())) as { size: number };
	await ctx()
		.db.updateTable('auditHead')
		.set({ root: Buffer.alloc(32) })
		.where('size', '=', size)
		.execute();
	await events(person.id, 1);
	laterBy(61);
	await expect(work()).rejects.toThrow('does not agree');
	expect((await selectNewestHead(ctx()))?.size).toBe(size);
});

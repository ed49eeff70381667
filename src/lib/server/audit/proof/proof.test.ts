import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { alice, as, bob } from '../../../../../tests/support/people.ts';
import { portalForTest } from '../../../../../tests/support/portal-for-test.ts';
import { after } from '../../platform/clock.ts';
import { projectFolder } from '../../platform/project-folder.ts';
import * as audit from '../audit.ts';
import { auditContract } from '../personal-data.ts';
import { auditWork } from '../tree/positions.ts';

const portal = portalForTest();
const ctx = () => portal.as();

interface Proof {
	head: { size: number } | null;
	salt: string;
	events: { number: number; kind: string; at: string; details: object; path: string[] | null }[];
	eventsInAll: number;
}

async function proofOf(personId: string, atMost?: number): Promise<Proof> {
	return JSON.parse((await Array.fromAsync(audit.proof(ctx(), personId, atMost))).join('')) as Proof;
}

async function check(value: unknown) {
	const { keys } = await ctx().signer.publicKeys();
	return audit.checkProof(value, (jws) => audit.readHead(keys, jws));
}

async function work(): Promise<void> {
	portal.clock.move(after(portal.clock.now(), 61, 'seconds'));
	while ((await auditWork.run(ctx())) > 0);
}

async function live(personId: string, count: number): Promise<void> {
	for (let index = 0; index < count; index++)
		await audit.record(ctx(), personId, 'session-started', {
			device: `한글 “é” 😀 \u2028 \\ "${index}"`,
			index
		});
}

const python = spawnSync('python3', ['--version']).status === 0;

function checkInPython(proof: Proof) {
	const file = join(portal.dataFolder, 'proof.json');
	writeFileSync(file, JSON.stringify(proof));
	const program = join(projectFolder, 'tests/support/check_activity_proof.py');
	const { status, stdout, stderr } = spawnSync('python3', [program, file], { encoding: 'utf8' });
	return { status, said: (stdout + stderr).trim() };
}

test('every event that a head holds is proved; one that none holds yet is there and says so', async () => {
	const [person, other] = [await alice(ctx()), await bob(ctx())];
	await live(person.id, 5);
	await live(other.id, 9);
	await work();
	await audit.record(as(ctx(), person), person.id, 'session-ended');

	const proof = await proofOf(person.id);
	expect(await check(proof)).toMatchObject({ events: 6, proved: 5, problems: [] });
	expect(proof.events.at(-1)).toMatchObject({ kind: 'session-ended', position: null, path: null });
	expect(proof.events[0]?.details).toEqual({ device: '한글 “é” 😀 \u2028 \\ "0"', index: 0 });
	expect(JSON.stringify(proof)).not.toContain(other.id);
	await work();
	expect(await check(await proofOf(person.id))).toMatchObject({ events: 6, proved: 6, problems: [] });
});

test.runIf(python)(
	'a program in another language, which shares nothing with ours, comes to the same',
	async () => {
		const person = await alice(ctx());
		await live(person.id, 12);
		await work();
		const proof = await proofOf(person.id);
		expect(checkInPython(proof)).toEqual({ status: 0, said: '12' });
		const changed = structuredClone(proof);
		(changed.events[4] as { at: string }).at = '2020-01-01T00:00:00.000Z';
		expect(checkInPython(changed)).toEqual({ status: 1, said: 'event 5 was changed' });
	}
);

test('whatever is changed in a proof is found', async () => {
	const person = await alice(ctx());
	await live(person.id, 6);
	await work();
	const proof = await proofOf(person.id);
	const problemsWith = async (change: (proof: Proof) => unknown) => {
		const copy = structuredClone(proof);
		change(copy);
		return (await check(copy)).problems;
	};
	type Event = Proof['events'][number];
	expect(
		await problemsWith(({ events }) => Object.assign(events[2] as Event, { kind: 'session-ended' }))
	).toEqual([{ found: 'event-changed', number: 3 }]);
	expect(await problemsWith(({ events }) => events.splice(2, 1))).toEqual([{ found: 'events-missing' }]);
	expect(await problemsWith(({ events }) => events.pop())).toEqual([{ found: 'events-missing' }]);
	expect(await problemsWith(({ events }) => events[2]?.path?.reverse())).toEqual([
		{ found: 'path-wrong', number: 3 }
	]);
	expect(
		await problemsWith(({ head }) => Object.assign(head as object, { at: '2020-01-01T00:00:00.000Z' }))
	).toEqual([{ found: 'head-forged' }]);
	expect(await problemsWith((copy) => Object.assign(copy, { salt: '00'.repeat(32) }))).toHaveLength(6);
	expect(await problemsWith((copy) => Object.assign(copy, { head: null, jws: null }))).toEqual([
		{ found: 'head-forged' }
	]);
	expect(await problemsWith((copy) => Object.assign(copy, { salt: 'x' }))).toEqual([
		{ found: 'not-a-proof' }
	]);
});

test('what somebody proved before stays proved when others are erased', async () => {
	const [gone, stays] = [await alice(ctx()), await bob(ctx())];
	await live(gone.id, 3);
	await live(stays.id, 3);
	await work();
	const before = await proofOf(stays.id);
	await auditContract.erase(ctx(), gone.id, 100);
	await live(stays.id, 1);
	await work();
	expect((await check(before)).problems).toEqual([]);
	expect(await check(await proofOf(stays.id))).toMatchObject({ events: 4, proved: 4, problems: [] });
});

test('somebody of many events gets the newest, and is told how many are left out', async () => {
	const person = await alice(ctx());
	await ctx()
		.db.transaction()
		.execute(async (db) => {
			for (let index = 0; index < 620; index++)
				await audit.record({ ...ctx(), db }, person.id, 'session-started', { index });
		});
	await work();
	const proof = await proofOf(person.id, 610);
	expect(proof).toMatchObject({ eventsInAll: 620, eventsLeftOut: 10 });
	expect(proof.events.map(({ number }) => number)).toEqual(
		Array.from({ length: 610 }, (_, index) => index + 11)
	);
	expect(await check(proof)).toMatchObject({ events: 610, proved: 610, problems: [] });
});

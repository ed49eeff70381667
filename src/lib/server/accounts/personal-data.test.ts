import { beforeAll, describe, expect, test } from 'vitest';
import * as people from '../../../../tests/support/people.ts';
import { portalForTest } from '../../../../tests/support/portal-for-test.ts';
import type { Context } from '../context.ts';
import { after } from '../platform/clock.ts';
import type { Row } from '../personal-data-contract.ts';
import * as codes from './codes/codes.ts';
import type { Person } from './people.ts';
import { accountsContract } from './personal-data.ts';
import { tablesOfPerson } from './queries.ts';
import * as sessions from './sessions.ts';
import * as stepUp from './step-up/step-up.ts';
import { accountsSweep } from './sweep.ts';

const portal = portalForTest({ description: 'tests/support/third-organisation' });
const device = {
	userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
	address: '192.0.2.1'
};
const camel = {
	one_time_code: 'oneTimeCode',
	step_up: 'stepUp',
	session: 'session',
	credential: 'credential',
	guardian: 'guardian',
	minor: 'minor',
	identifier: 'identifier',
	person: 'person'
} as const;

let ctx: Context;
let parent: Person;
beforeAll(async () => {
	ctx = portal.as();
	parent = await people.somebody(ctx, { name: 'parent' });
});

/** Somebody with a row in every table of accounts. */
async function settled(): Promise<Person> {
	const alice = await people.alice(ctx, { guardianIds: [parent.id] });
	for (const count of [1, 2]) {
		const secret = await sessions.start(ctx, alice.id, device, null);
		const { session } = (await sessions.read(ctx, secret)) as NonNullable<
			Awaited<ReturnType<typeof sessions.read>>
		>;
		if (count === 1)
			await stepUp.proveByPassword(
				ctx,
				{ personId: alice.id, sessionId: session.id },
				people.password,
				'withdrawal'
			);
	}
	await codes.make(ctx, alice.id, 'recovery');
	return alice;
}

const rowsOf = async (person: Person) => {
	const counts: Record<string, number> = {};
	for (const table of tablesOfPerson)
		counts[table] = (
			await ctx.db.selectFrom(camel[table]).select('personId').where('personId', '=', person.id).execute()
		).length;
	return counts;
};

const collected = async (person: Person): Promise<Record<string, Row[]>> => {
	const parts = await accountsContract.collect(ctx, person.id);
	const entries = await Promise.all(
		parts.map(async (part) => [part.path, (await Array.fromAsync(part.pages())).flat()] as const)
	);
	return Object.fromEntries(entries);
};

describe('what a person takes away', () => {
	test('is their ways in and their sessions, as many as are counted', async () => {
		const alice = await settled();
		const parts = await collected(alice);
		expect(parts).toMatchObject({
			'security/account': [{ externalId: alice.externalId, guardians: [{ guardianId: parent.id }] }],
			'security/sign-in-methods': [{ kind: 'email' }, { kind: 'username' }],
			'security/sessions': [
				{ browser: 'Firefox', system: 'Linux', address: '192.0.2.1' },
				{ browser: 'Firefox' }
			]
		});
		const [count] = await accountsContract.count(ctx, alice.id);
		expect(Object.values(parts).flat()).toHaveLength(count?.records as number);
	});

	test('holds no password, no hash, no session id (CL7)', async () => {
		const alice = await settled();
		const text = JSON.stringify(await collected(alice));
		expect(text).not.toMatch(/argon2|password|hash/i);
		for (const { id } of await sessions.list(ctx, alice.id, '')) expect(text).not.toContain(id);
	});
});

describe('erasing', () => {
	test('takes every row in small steps, the person last, and leaves Bob alone', async () => {
		const [alice, bob] = [await settled(), await settled()];
		const before = await rowsOf(bob);
		for (let step = 0; ; step++) {
			const { destroyed, done } = await accountsContract.erase(ctx, alice.id, 2);
			expect(destroyed).toBeLessThanOrEqual(2);
			const left = await rowsOf(alice);
			if (done) break;
			if (Object.values(left).some((count, index) => index < tablesOfPerson.length - 1 && count > 0))
				expect(left.person).toBe(1);
			expect(step).toBeLessThan(20);
		}
		expect(Object.values(await rowsOf(alice)).every((count) => count === 0)).toBe(true);
		expect(await rowsOf(bob)).toEqual(before);
		expect(await accountsContract.erase(ctx, alice.id, 2)).toEqual({ destroyed: 0, done: true });
	});

	test('of a guardian leaves what belongs to the child', async () => {
		const guardian = await people.somebody(ctx, { name: 'guardian' });
		const child = await people.mina(ctx, { guardianIds: [guardian.id] });
		await accountsContract.erase(ctx, guardian.id, 100);
		expect((await rowsOf(child)).guardian).toBe(1);
	});
});

test('what ran out is swept, what counts stays', async () => {
	const alice = await settled();
	const now = portal.clock.now();
	await accountsSweep.run(ctx);
	expect(await rowsOf(alice)).toMatchObject({ session: 2, one_time_code: 1, step_up: 1 });
	portal.clock.move(after(now, 2, 'days'));
	expect(await accountsSweep.run(ctx)).toBeGreaterThan(0);
	expect(await rowsOf(alice)).toMatchObject({ session: 2, one_time_code: 0, step_up: 1 });
	portal.clock.move(after(now, 32, 'days'));
	expect(await accountsSweep.run(ctx)).toBeGreaterThan(0);
	expect(await rowsOf(alice)).toMatchObject({
		session: 0,
		one_time_code: 0,
		step_up: 0,
		identifier: 3,
		credential: 1
	});
	expect(await accountsSweep.run(ctx)).toBe(0);
	portal.clock.move(now);
});

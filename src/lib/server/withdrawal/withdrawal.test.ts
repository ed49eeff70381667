import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { alice, as, bob, mina, password } from '../../../../tests/support/people.ts';
import { engine } from '../../../../tests/support/databases.ts';
import { portalForTest } from '../../../../tests/support/portal-for-test.ts';
import { amend, signIn } from '../accounts/accounts.ts';
import * as people from '../accounts/people.ts';
import { register } from '../accounts/registration.ts';
import * as audit from '../audit/audit.ts';
import type { Context } from '../context.ts';
import { workOnce } from '../platform/work/work.ts';
import type { Schema } from '../schema.ts';
import { withdrawalContract } from './personal-data.ts';
import * as withdrawal from './withdrawal.ts';

const portal = portalForTest({ description: 'examples/classerium' });
const day = (number: number) => `2026-12-${String(number).padStart(2, '0')}T09:00:00.000Z`;
const graceEnd = '2026-12-06T09:00:01.000Z';

/** Every row of every table that names a person, by table. */
async function everythingOf(ctx: Context, personId: string): Promise<Record<string, string>> {
	const tables = ctx.contracts.flatMap((contract) => contract.tables);
	const found: Record<string, string> = {};
	for (const table of tables) {
		const camel = table.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase()) as keyof Schema;
		const rows = await ctx.db
			.selectFrom(camel as 'person')
			.selectAll()
			.where('personId', '=', personId)
			.execute();
		if (rows.length) found[table] = JSON.stringify(rows);
	}
	return found;
}

async function leave(ctx: Context, person: people.Person): Promise<void> {
	expect(await withdrawal.request(as(ctx, person), person, { note: 'needle-in-a-note' })).toMatchObject({
		state: 'grace'
	});
	portal.clock.move(graceEnd);
	for (let round = 0; round < 4; round++) {
		await workOnce(ctx);
		portal.clock.move(new Date(portal.clock.now().getTime() + 90 * 60_000));
	}
	await workOnce(ctx);
	portal.clock.move('2026-11-22T09:00:00.000Z');
}

describe('a person who leaves', () => {
	test('is gone from every table when the grace period is over, and nobody else is touched', async () => {
		const ctx = portal.as();
		const [person, other] = [await alice(ctx), await bob(ctx)];
		await audit.record(as(ctx, other), other.id, 'needle', { value: 'other' });
		await workOnce(ctx);
		const before = await everythingOf(ctx, other.id);
		expect(Object.keys(await everythingOf(ctx, person.id)).length).toBeGreaterThan(2);

		await leave(ctx, person);

		expect(await everythingOf(ctx, person.id)).toEqual({});
		expect(await everythingOf(ctx, other.id)).toEqual(before);
		expect(await ctx.keys.find(person.id)).toBeUndefined();
		expect(await ctx.keys.isErased(person.id)).toBe(true);
	});

	test('cannot be imported again by mistake', async () => {
		const ctx = portal.as();
		const person = await alice(ctx);
		await leave(ctx, person);
		const { externalId, role, language, timeZone, country } = person;
		expect(await register(ctx, { externalId, role, language, timeZone, country, identifiers: {} })).toEqual({
			refused: 'person-erased'
		});
	});

	test('stays when they say so before the day, and then nothing has changed', async () => {
		const ctx = portal.as();
		const person = await alice(ctx);
		await withdrawal.request(as(ctx, person), person);
		expect((await people.find(ctx, person.id))?.state).toBe('leaving');
		expect(await withdrawal.cancel(as(ctx, person), person)).toEqual({ cancelled: true });
		expect(await withdrawal.cancel(as(ctx, person), person)).toEqual({ refused: 'not-leaving' });
		portal.clock.move(day(30));
		await workOnce(ctx);
		portal.clock.move('2026-11-22T09:00:00.000Z');
		expect(await people.find(ctx, person.id)).toEqual(person);
	});

	test('can sign in during the grace period, and not any more once the erasure has begun', async () => {
		const ctx = portal.as();
		const person = await alice(ctx);
		const attempt = {
			identifier: `${person.externalId}@example.com`,
			password,
			device: { userAgent: '', address: '127.0.0.1' },
			language: null
		};
		await withdrawal.request(as(ctx, person), person);
		expect(await signIn(ctx, attempt)).toHaveProperty('secretId');
		portal.clock.move(graceEnd);
		await workOnce(ctx);
		expect(await withdrawal.cancel(ctx, person)).toEqual({ refused: 'not-leaving' });
		expect(await signIn(ctx, attempt)).toEqual({ refused: 'wrong-credentials' });
		portal.clock.move('2026-11-22T09:00:00.000Z');
	});

	test('asks only once, in however many tabs', async () => {
		const ctx = portal.as();
		const person = await alice(ctx);
		const outcomes = await Promise.all([1, 2, 3].map(() => withdrawal.request(as(ctx, person), person)));
		expect(outcomes.filter((outcome) => 'refused' in outcome)).toHaveLength(2);
	});

	test('finds out how it stands with the claim code, without an account', async () => {
		const ctx = portal.as();
		const person = await alice(ctx);
		await withdrawal.request(as(ctx, person), person);
		const code = (await withdrawal.claimCode(ctx, person.id)) as string;
		const stands = () => withdrawal.claim(ctx, code.toLowerCase().replaceAll('-', ' '), '127.0.0.1');
		expect(await stands()).toMatchObject({ state: 'grace', issued: undefined });
		const arabic = code.replace(/\d/g, (digit) => String.fromCharCode(0x660 + Number(digit)));
		const pasted = `\u200f${arabic.replaceAll('-', '–')}\u200f\n`;
		expect(await withdrawal.claim(ctx, pasted, '127.0.0.1')).toMatchObject({ state: 'grace' });
		expect(await withdrawal.claim(ctx, `${code}A`, '127.0.0.1')).toEqual({ refused: 'claim-unknown' });
		await withdrawal.cancel(as(ctx, person), person);
		expect(await stands()).toMatchObject({ state: 'cancelled' });
	});

	test('cannot be found by guessing', async () => {
		const ctx = portal.as();
		for (let tries = 0; tries < 20; tries++) await withdrawal.claim(ctx, `wrong ${tries}`, '10.0.0.1');
		expect(await withdrawal.claim(ctx, 'once more', '10.0.0.1')).toMatchObject({ refused: 'too-many-tries' });
		expect(await withdrawal.claim(ctx, 'once more', '10.0.0.2')).toEqual({ refused: 'claim-unknown' });
	});
});

test('what the rehearsal counts is what is there', async () => {
	const ctx = portal.as();
	const person = await alice(ctx);
	for (const value of ['one', 'two'])
		await audit.record(as(ctx, person), person.id, 'session-started', { value });
	const { destroyed, total } = await withdrawal.rehearse(ctx, person.id);
	expect(destroyed).toContainEqual({ category: 'portal.activity', records: 2 });
	expect(total).toBe(destroyed.reduce((sum, { records }) => sum + records, 0));
});

test('a child that waits for consent waits again when it stays after all', async () => {
	const ctx = portal.as();
	const child = await mina(ctx);
	await withdrawal.request(as(ctx, child), child);
	await withdrawal.cancel(as(ctx, child), child);
	expect((await people.find(ctx, child.id))?.state).toBe(child.state);
});

describe('an import while somebody leaves', () => {
	const put = (
		ctx: Context,
		{ id, role, language, timeZone, country }: people.Person,
		bornOn: string | null
	) => amend(ctx, id, { role, language, timeZone, country, bornOn, identifiers: {} });

	test('decides whether a consent is waited for once they stay after all', async () => {
		const ctx = portal.as();
		const [grown, child] = [await alice(ctx), await mina(ctx)];
		const agreedFor = await mina(ctx, { consentHeld: true });
		for (const person of [grown, child, agreedFor]) await withdrawal.request(as(ctx, person), person);
		expect(await put(ctx, grown, '2015-06-01')).toEqual({ changed: 1 });
		expect(await put(ctx, child, '1990-06-01')).toEqual({ changed: 1 });
		for (const person of [grown, child, agreedFor]) await withdrawal.cancel(as(ctx, person), person);
		expect((await people.find(ctx, grown.id))?.state).toBe('awaiting-consent');
		expect((await people.find(ctx, child.id))?.state).toBe('active');
		expect((await people.find(ctx, agreedFor.id))?.state).toBe('active');
	});

	test('does not undo a request that was made at the same moment', async () => {
		const ctx = portal.as();
		const child = await mina(ctx);
		const keys = Object.assign(Object.create(ctx.keys) as typeof ctx.keys, {
			find: async (id: string) => {
				await withdrawal.request(as(ctx, child), child);
				return ctx.keys.find(id);
			}
		});
		expect(await put({ ...ctx, keys }, child, '1990-06-01')).toEqual({ changed: 1 });
		expect(await people.find(ctx, child.id)).toMatchObject({ state: 'leaving', bornOn: '1990-06-01' });
	});
});

test('why the organisation ended the account is handed over as its words, not as the person’s', async () => {
	const ctx = portal.as();
	const person = await alice(ctx);
	await withdrawal.request(ctx, person, { orderedBecause: 'contract over' });
	const [part] = await withdrawalContract.collect(ctx, person.id);
	expect((await Array.fromAsync(part?.pages() ?? [])).flat()).toMatchObject([
		{ note: null, orderedBecause: 'contract over' }
	]);
});

test.runIf(engine === 'sqlite')('nothing that was sealed or deleted can be read in the files', async () => {
	const ctx = portal.as();
	const person = await alice(ctx);
	await audit.record(as(ctx, person), person.id, 'needle', { value: 'needle-in-the-activity' });
	await leave(ctx, person);
	const files = readdirSync(portal.dataFolder, { recursive: true, encoding: 'utf8' }).map((name) =>
		join(portal.dataFolder, name)
	);
	for (const file of [
		...files,
		portal.settings.databaseUrl.slice(7),
		`${portal.settings.databaseUrl.slice(7)}-wal`
	]) {
		if (!statSync(file, { throwIfNoEntry: false })?.isFile()) continue;
		const bytes = readFileSync(file);
		// A random id may outlive its rows in the slack of a page, which SQLite fills when it moves cells about, and stands
		// in the file of tombstones on purpose; a value may not.
		for (const needle of ['needle-in', person.externalId])
			expect(bytes.includes(needle), `${needle} in ${file}`).toBe(false);
	}
});

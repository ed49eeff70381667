import { beforeAll, describe, expect, test } from 'vitest';
import { medianRatio } from '../../../../tests/support/timing.ts';
import * as people from '../../../../tests/support/people.ts';
import { outboxOf } from '../../../../tests/support/outbox.ts';
import { portalForTest } from '../../../../tests/support/portal-for-test.ts';
import * as audit from '../audit/audit.ts';
import type { Person } from './people.ts';
import * as sessions from './sessions.ts';
import { signIn } from './sign-in.ts';
import type { Context } from '../context.ts';

const portal = portalForTest({ description: 'tests/support/third-organisation' });
const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';
const phone =
	'Mozilla/5.0 (Linux; Android 16; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36';

let ctx: Context;
let alice: Person;
let addresses = 0;

beforeAll(async () => {
	ctx = portal.as();
	alice = await people.alice(ctx, {
		identifiers: { email: 'Alice@Example.com', phone: '+34 600 123 456', username: 'Alice.Marin' }
	});
});

const attempt = (
	identifier: string,
	password = people.password,
	given: Partial<Parameters<typeof signIn>[1]> = {}
) =>
	signIn(ctx, {
		identifier,
		password,
		device: { userAgent: firefox, address: `192.0.2.${++addresses}` },
		language: null,
		...given
	});

const secretOf = async (...given: Parameters<typeof attempt>) => {
	const outcome = await attempt(...given);
	if ('refused' in outcome) throw new Error(outcome.refused);
	return outcome.secretId;
};

describe('signing in', () => {
	test.each(['alice@example.com', ' ALICE@example.com ', '+34600123456', '600 123 456', 'alice.marin'])(
		'Alice signs in as "%s"',
		async (identifier) => {
			expect(await attempt(identifier)).toMatchObject({ personId: alice.id });
		}
	);

	test('a wrong password, no password and no account are answered alike', async () => {
		const withoutPassword = await people.somebody(ctx);
		const email = `${withoutPassword.externalId}@example.com`;
		for (const identifier of [
			'alice@example.com',
			email,
			'nobody@example.com',
			'<script>',
			"' or 1=1 --",
			'+34600999999',
			'ا'.repeat(250)
		])
			expect(await attempt(identifier, 'not the password')).toEqual({ refused: 'wrong-credentials' });
	});

	test('a child that waits for consent signs in, and so does somebody who is about to leave', async () => {
		const mina = await people.mina(ctx, { password: people.password });
		expect(mina.state).toBe('awaiting-consent');
		expect(await attempt(`${mina.externalId}@example.com`)).toMatchObject({ personId: mina.id });
		const bob = await people.bob(ctx);
		const enter = async (state: 'leaving' | 'erasing') => {
			await ctx.db.updateTable('person').set({ state }).where('personId', '=', bob.id).execute();
			return attempt(`${bob.externalId}@example.com`);
		};
		expect(await enter('leaving')).toMatchObject({ personId: bob.id });
		expect(await enter('erasing')).toEqual({ refused: 'wrong-credentials' });
	});

	test('it is written down, and the browser is named', async () => {
		const secret = await secretOf('alice.marin');
		const { session } = (await sessions.read(ctx, secret)) as NonNullable<
			Awaited<ReturnType<typeof sessions.read>>
		>;
		const listed = await sessions.list(ctx, alice.id, session.id);
		expect(listed.filter(({ current }) => current)).toMatchObject([{ userAgent: firefox }]);
		expect((await audit.page(ctx, alice.id, undefined, 1))[0]).toMatchObject({
			kind: 'session-started',
			actor: `person:${alice.id}`
		});
	});

	test('the session that the browser had before ends', async () => {
		const before = await secretOf('alice.marin');
		const { session } = (await sessions.read(ctx, before)) as NonNullable<
			Awaited<ReturnType<typeof sessions.read>>
		>;
		const next = await secretOf('alice.marin', people.password, {
			before: { personId: alice.id, id: session.id }
		});
		expect(await sessions.read(ctx, before)).toBeUndefined();
		expect(await sessions.read(ctx, next)).toBeDefined();
	});

	test('a new kind of browser is told to the person, a known one is not', async () => {
		const charlie = await people.charlie(ctx);
		const enter = (userAgent: string) =>
			attempt(`${charlie.externalId}@example.com`, people.password, {
				device: { userAgent, address: '192.0.2.250' }
			});
		await enter(firefox);
		await enter(firefox);
		expect(await outboxOf(ctx, charlie.id)).toEqual([]);
		await enter(phone);
		expect(await outboxOf(ctx, charlie.id)).toMatchObject([{ template: 'new-device' }]);
	});
});

describe('guessing', () => {
	const from = (address: string) => ({ device: { userAgent: firefox, address } });

	test('the sixth try within a minute waits, for an account and for a name that nobody has', async () => {
		const dora = await people.somebody(ctx, { name: 'dora', password: people.password });
		const [email, stranger] = [`${dora.externalId}@example.com`, 'nobody-at-all@example.com'];
		for (const [identifier, address] of [
			[email, '203.0.113.1'],
			[stranger, '203.0.113.2']
		] as const) {
			for (let count = 0; count < 5; count++)
				expect(await attempt(identifier, 'wrong', from(address))).toEqual({ refused: 'wrong-credentials' });
			expect(await attempt(identifier, 'wrong', from(address))).toMatchObject({
				refused: 'too-many-tries',
				waitSeconds: expect.any(Number)
			});
		}
		expect(
			await attempt(dora.externalId, people.password, from('203.0.113.1')),
			'another of her names is no way around it'
		).toMatchObject({ refused: 'too-many-tries' });
	});

	test('a stranger who guesses keeps a person out of nothing where they signed in before', async () => {
		const eli = await people.somebody(ctx, { name: 'eli', password: people.password });
		const home = from('203.0.113.10');
		expect(await attempt(eli.externalId, people.password, home)).toHaveProperty('secretId');
		const guesses = Array.from({ length: 105 }, (_, count) => from(`198.18.0.${count}`));
		const outcomes = [];
		for (const guess of guesses) outcomes.push(await attempt(eli.externalId, 'guess', guess));
		expect(outcomes[99]).toEqual({ refused: 'wrong-credentials' });
		expect(outcomes[100]).toMatchObject({ refused: 'sign-in-locked' });
		const { waitSeconds } = outcomes[100] as { waitSeconds: number };
		expect(waitSeconds).toBeLessThanOrEqual(3_600);
		expect(await attempt(eli.externalId, people.password, home)).toHaveProperty('secretId');
	});

	test('one address tries twenty times a minute', async () => {
		const device = { userAgent: firefox, address: '198.51.100.7' };
		for (let count = 0; count < 20; count++)
			expect(await attempt(`guess-${count}`, 'x', { device })).toEqual({ refused: 'wrong-credentials' });
		expect(await attempt('guess-21', 'x', { device })).toMatchObject({ refused: 'too-many-tries' });
	});

	test('the time of the answer does not tell whether there is an account', { retry: 3 }, async () => {
		const accounts = await Promise.all(
			Array.from({ length: 12 }, () => people.somebody(ctx, { password: people.password }))
		);
		const names = accounts.map(({ externalId }, index) => ({
			account: externalId,
			nobody: `nobody-${index}-${externalId}`
		}));
		const pairs = [...names, ...names, ...names, ...names];
		expect(
			await medianRatio(pairs, (name) => attempt(`${name}@example.com`, 'a wrong password'))
		).toBeLessThan(1.2);
	});
});

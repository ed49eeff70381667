import { beforeAll, describe, expect, test } from 'vitest';
import { codeOf, outboxOf } from '../../../../tests/support/outbox.ts';
import * as people from '../../../../tests/support/people.ts';
import { portalForTest } from '../../../../tests/support/portal-for-test.ts';
import { medianRatio } from '../../../../tests/support/timing.ts';
import type { Context } from '../context.ts';
import { after } from '../platform/clock.ts';
import * as recovery from './recovery.ts';
import * as sessions from './sessions.ts';
import { signIn } from './sign-in.ts';

const portal = portalForTest({ description: 'tests/support/third-organisation' });
const newPassword = 'el gato verde duerme en marzo';

let ctx: Context;
let addresses = 0;
const address = () => `192.0.2.${++addresses}`;
const device = () => ({ userAgent: 'Firefox', address: address() });

beforeAll(() => {
	ctx = portal.as();
});

const begin = async (identifier: string): Promise<string> => {
	const outcome = await recovery.begin(ctx, { identifier, address: address() });
	if ('refused' in outcome) throw new Error(outcome.refused);
	return outcome.flow;
};

const proved = async (flow: string, code: string): Promise<string> => {
	const outcome = await recovery.check(ctx, flow, code, address());
	if ('refused' in outcome) throw new Error(outcome.refused);
	return outcome.flow;
};

const finish = (flow: string | undefined, password = newPassword) =>
	recovery.finish(ctx, flow, { password, device: device(), language: null });

describe('the first sign-in of somebody who was imported', () => {
	test('a code by mail, a password of their own, and they are in', async () => {
		const alice = await people.somebody(ctx);
		const flow = await begin(alice.externalId);
		expect(recovery.stepOf(ctx, flow)).toBe('code');
		const code = await codeOf(ctx, alice.id, 'recovery-code');
		const next = await proved(flow, ` ${code.slice(0, 3)}-${code.slice(3)} `);
		expect(recovery.stepOf(ctx, next)).toBe('password');
		expect(await finish(next)).toMatchObject({ personId: alice.id });
		expect(
			await signIn(ctx, {
				identifier: alice.externalId,
				password: newPassword,
				device: device(),
				language: null
			})
		).toMatchObject({ personId: alice.id });
	});

	test('digits of an Arabic keyboard are digits', async () => {
		const alice = await people.somebody(ctx);
		const flow = await begin(alice.externalId);
		const code = await codeOf(ctx, alice.id, 'recovery-code');
		expect(
			await proved(
				flow,
				code.replace(/\d/g, (digit) => '٠١٢٣٤٥٦٧٨٩'[Number(digit)] as string)
			)
		).toBeTruthy();
	});
});

describe('a new password', () => {
	test('ends every session there was, and tells the person', async () => {
		const alice = await people.alice(ctx);
		const before = await sessions.start(ctx, alice.id, device(), null);
		const flow = await proved(await begin(alice.externalId), await codeOf(ctx, alice.id, 'recovery-code'));
		expect(await finish(flow)).toMatchObject({ personId: alice.id });
		expect(await sessions.read(ctx, before)).toBeUndefined();
		expect((await outboxOf(ctx, alice.id)).map(({ template }) => template)).toContain('password-changed');
	});

	test('that is too weak is refused with its reason, and may be tried again', async () => {
		const alice = await people.alice(ctx);
		const flow = await proved(await begin(alice.externalId), await codeOf(ctx, alice.id, 'recovery-code'));
		expect(await finish(flow, `${alice.externalId}@example.com`)).toEqual({ problem: 'password-own' });
		expect(await finish(flow)).toMatchObject({ personId: alice.id });
	});

	test('opens an account again that was locked by guessing', async () => {
		const alice = await people.alice(ctx);
		const home = device();
		const enter = (password: string) =>
			signIn(ctx, { identifier: alice.externalId, password, device: home, language: null });
		for (let count = 0; count < 5; count++) await enter('wrong');
		expect(await enter(people.password)).toMatchObject({ refused: 'too-many-tries' });
		const flow = await proved(await begin(alice.externalId), await codeOf(ctx, alice.id, 'recovery-code'));
		await recovery.finish(ctx, flow, { password: newPassword, device: home, language: null });
		expect(await enter(newPassword)).toMatchObject({ personId: alice.id });
	});
});

describe('a code', () => {
	test('counts for five tries, also in two tabs at once', async () => {
		const alice = await people.alice(ctx);
		const flow = await begin(alice.externalId);
		const code = await codeOf(ctx, alice.id, 'recovery-code');
		const wrong = code === '000000' ? '000001' : '000000';
		const tries = await Promise.all(
			Array.from({ length: 5 }, () => recovery.check(ctx, flow, wrong, address()))
		);
		expect(tries).toEqual(Array.from({ length: 5 }, () => ({ refused: 'code-wrong' })));
		expect(await recovery.check(ctx, flow, code, address())).toEqual({ refused: 'code-wrong' });
	});

	test('counts once, and what it opened opens once', async () => {
		const alice = await people.alice(ctx);
		const flow = await begin(alice.externalId);
		const code = await codeOf(ctx, alice.id, 'recovery-code');
		const next = await proved(flow, code);
		expect(await recovery.check(ctx, flow, code, address())).toEqual({ refused: 'code-wrong' });
		const both = await Promise.all([finish(next), finish(next)]);
		expect(both.filter((outcome) => 'secretId' in outcome)).toHaveLength(1);
		expect(both.filter((outcome) => 'refused' in outcome)).toEqual([{ refused: 'recovery-ended' }]);
	});

	test('counts for ten minutes', async () => {
		const alice = await people.alice(ctx);
		const flow = await begin(alice.externalId);
		const code = await codeOf(ctx, alice.id, 'recovery-code');
		const now = portal.clock.now();
		portal.clock.move(after(now, 10, 'minutes'));
		expect(recovery.stepOf(ctx, flow)).toBeUndefined();
		expect(await recovery.check(ctx, flow, code, address())).toEqual({ refused: 'code-wrong' });
		portal.clock.move(now);
	});

	test('is void once a newer one was asked for', async () => {
		const alice = await people.alice(ctx);
		const flow = await begin(alice.externalId);
		const code = await codeOf(ctx, alice.id, 'recovery-code');
		await begin(alice.externalId);
		expect(await recovery.check(ctx, flow, code, address())).toEqual({ refused: 'code-wrong' });
	});

	test('of Alice does not open the account of Bob', async () => {
		const [alice, bob] = [await people.alice(ctx), await people.bob(ctx)];
		await begin(alice.externalId);
		const flow = await begin(bob.externalId);
		const codes = [await codeOf(ctx, alice.id, 'recovery-code'), await codeOf(ctx, bob.id, 'recovery-code')];
		if (codes[0] !== codes[1])
			expect(await recovery.check(ctx, flow, codes[0] as string, address())).toEqual({
				refused: 'code-wrong'
			});
	});
});

describe('a stranger', () => {
	test('tries fifty codes a day for one name, from wherever, and learns nothing from the end of it', async () => {
		const alice = await people.alice(ctx);
		for (const name of [alice.externalId, 'nobody-at-all-either']) {
			const flow = await begin(name);
			const outcomes = [];
			for (let tries = 0; tries < 51; tries++) outcomes.push(await recovery.check(ctx, flow, 'x', address()));
			expect(outcomes.slice(0, 50)).toEqual(Array(50).fill({ refused: 'code-wrong' }));
			expect(outcomes[50]).toMatchObject({ refused: 'too-many-tries' });
		}
	});

	test('gets the same answer, of the same size, for an account and for none', async () => {
		const alice = await people.alice(ctx);
		const [known, unknown] = [await begin(alice.externalId), await begin('nobody-at-all')];
		expect(known).toHaveLength(unknown.length);
		expect(recovery.stepOf(ctx, unknown)).toBe('code');
		expect(await recovery.check(ctx, unknown, '123456', address())).toEqual({ refused: 'code-wrong' });
	});

	test('gets it in the same time', { retry: 3 }, async () => {
		const accounts = await Promise.all(Array.from({ length: 12 }, () => people.somebody(ctx)));
		const pairs = accounts.map(({ externalId }) => ({ account: externalId, nobody: `nobody-${externalId}` }));
		expect(await medianRatio(pairs, begin)).toBeLessThan(1.2);
	});

	test('asks five times in a quarter of an hour, for whichever name', async () => {
		for (let count = 0; count < 5; count++) await begin('asked-often');
		expect(await recovery.begin(ctx, { identifier: ' Asked-Often ', address: address() })).toMatchObject({
			refused: 'too-many-tries'
		});
	});

	test.each([undefined, '', 'x', 'A'.repeat(5_000), '../../etc/passwd'])(
		'finishes nothing with an invented flow: %s',
		async (flow) => {
			expect(recovery.stepOf(ctx, flow)).toBeUndefined();
			expect(await recovery.check(ctx, flow, '123456', address())).toEqual({ refused: 'code-wrong' });
			expect(await finish(flow)).toEqual({ refused: 'recovery-ended' });
		}
	);

	test('cannot skip the code', async () => {
		const alice = await people.alice(ctx);
		expect(await finish(await begin(alice.externalId))).toEqual({ refused: 'recovery-ended' });
	});
});

import { beforeAll, describe, expect, test } from 'vitest';
import { codeOf } from '../../../../../tests/support/outbox.ts';
import * as people from '../../../../../tests/support/people.ts';
import { portalForTest } from '../../../../../tests/support/portal-for-test.ts';
import type { Context } from '../../context.ts';
import { after } from '../../platform/clock.ts';
import type { Person } from '../people.ts';
import * as sessions from '../sessions.ts';
import * as stepUp from './step-up.ts';

const portal = portalForTest({ description: 'tests/support/third-organisation' });
const device = { userAgent: 'Firefox', address: '192.0.2.1' };

let ctx: Context;
beforeAll(() => {
	ctx = portal.as();
});

async function signedIn(person: Person): Promise<stepUp.Prover & { secretId: string }> {
	const secretId = await sessions.start(ctx, person.id, device, null);
	return { secretId, ...(await proverOf(secretId)) };
}

async function proverOf(secretId: string): Promise<stepUp.Prover> {
	const read = await sessions.read(ctx, secretId);
	if (!read) throw new Error('no session');
	return { personId: read.person.id, sessionId: read.session.id };
}

async function proved(prover: stepUp.Prover, action?: string): Promise<stepUp.Prover> {
	const outcome = await stepUp.proveByPassword(ctx, prover, people.password, action);
	if ('refused' in outcome) throw new Error(outcome.refused);
	return proverOf(outcome.secretId);
}

describe('a proof', () => {
	test('gives the session a new id; the old one opens nothing', async () => {
		const before = await signedIn(await people.alice(ctx));
		const outcome = await stepUp.proveByPassword(ctx, before, people.password);
		expect(outcome).toHaveProperty('secretId');
		expect(await sessions.read(ctx, before.secretId)).toBeUndefined();
		expect(await sessions.list(ctx, before.personId, '')).toMatchObject([device]);
	});

	test('lasts for five minutes', async () => {
		const prover = await signedIn(await people.alice(ctx));
		const isProved = async () => {
			const read = await sessions.read(ctx, prover.secretId);
			return read && sessions.isProved(ctx, read.session);
		};
		const now = portal.clock.now();
		expect(await isProved()).toBe(true);
		portal.clock.move(after(now, 5, 'minutes'));
		expect(await isProved()).toBe(false);
		portal.clock.move(now);
	});

	test('for one action counts for that action, once, and in that session', async () => {
		const alice = await people.alice(ctx);
		const prover = await proved(await signedIn(alice), 'change-email');
		const elsewhere = await signedIn(alice);
		expect(await stepUp.holds(ctx, prover, 'withdrawal')).toBe(false);
		expect(await stepUp.use(ctx, elsewhere, 'change-email')).toBe(false);
		expect(await stepUp.holds(ctx, prover, 'change-email')).toBe(true);
		const tabs = await Promise.all([
			stepUp.use(ctx, prover, 'change-email'),
			stepUp.use(ctx, prover, 'change-email')
		]);
		expect(tabs.filter(Boolean)).toHaveLength(1);
		expect(await stepUp.holds(ctx, prover, 'change-email')).toBe(false);
	});

	test('goes along when the session gets a new id, and can be given again', async () => {
		const first = await proved(await signedIn(await people.alice(ctx)), 'change-email');
		const second = await proved(first, 'withdrawal');
		expect(await stepUp.use(ctx, second, 'change-email')).toBe(true);
		const third = await proved(second, 'change-email');
		expect(await stepUp.use(ctx, third, 'change-email')).toBe(true);
	});

	test('of two tabs at once leaves the person signed in', async () => {
		const before = await signedIn(await people.alice(ctx));
		const tabs = await Promise.all([1, 2].map(() => stepUp.proveByPassword(ctx, before, people.password)));
		expect(tabs.filter((outcome) => 'secretId' in outcome)).toHaveLength(1);
		expect(tabs.filter((outcome) => 'refused' in outcome)).toEqual([{ refused: 'session-ended' }]);
	});

	test('is refused for a wrong password, ten times an hour', async () => {
		const prover = await signedIn(await people.alice(ctx));
		for (let count = 0; count < 10; count++)
			expect(await stepUp.proveByPassword(ctx, prover, 'wrong')).toEqual({ refused: 'wrong-password' });
		expect(await stepUp.proveByPassword(ctx, prover, people.password)).toMatchObject({
			refused: 'too-many-tries'
		});
	});
});

describe('somebody without a password', () => {
	test('proves by a code that was sent to them', async () => {
		const alice = await people.somebody(ctx);
		const prover = await signedIn(alice);
		expect(await stepUp.wayOf(ctx, alice.id)).toBe('code');
		expect(await stepUp.proveByCode(ctx, prover, '123456')).toEqual({ refused: 'code-wrong' });
		expect(await stepUp.sendCode(ctx, alice.id)).toEqual({ sent: true });
		const code = await codeOf(ctx, alice.id, 'proof-code');
		expect(await stepUp.proveByCode(ctx, prover, code, 'withdrawal')).toHaveProperty('secretId');
		expect(await stepUp.proveByCode(ctx, prover, code)).toEqual({ refused: 'code-wrong' });
	});

	test('is told when there is no address', async () => {
		const child = await people.somebody(ctx, { identifiers: { username: 'nurit.no.mail' } });
		expect(await stepUp.sendCode(ctx, child.id)).toEqual({ refused: 'no-address' });
	});
});

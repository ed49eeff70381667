import { beforeAll, describe, expect, test } from 'vitest';
import { codeOf, outboxOf } from '../../../../tests/support/outbox.ts';
import * as people from '../../../../tests/support/people.ts';
import { portalForTest } from '../../../../tests/support/portal-for-test.ts';
import { medianRatio } from '../../../../tests/support/timing.ts';
import * as audit from '../audit/audit.ts';
import type { Context } from '../context.ts';
import { after } from '../platform/clock.ts';
import * as messageSignIn from './message-sign-in.ts';
import type { Person } from './people.ts';
import * as recovery from './recovery.ts';
import * as sessions from './sessions.ts';

const portal = portalForTest({ description: 'tests/support/third-organisation' });

let ctx: Context;
let addresses = 0;
const address = () => `198.51.100.${++addresses}`;
const visit = (userAgent = 'Firefox') => ({
	device: { userAgent, address: address() },
	language: null
});

beforeAll(() => {
	ctx = portal.as();
});

const begin = async (identifier: string, given: { next?: string; language?: string } = {}) => {
	const wish = { identifier, address: address(), next: '/', language: null, ...given };
	const outcome = await messageSignIn.begin(ctx, wish);
	if ('refused' in outcome) throw new Error(outcome.refused);
	return outcome.flow;
};
const letterOf = async ({ id }: Person) =>
	(await outboxOf(ctx, id)).findLast(({ template }) => template === 'sign-in-code');
const tokenOf = async (person: Person) =>
	/^\/sign-in\/link\/([\w-]+)/.exec((await letterOf(person))?.path ?? '')?.[1] ?? '';
const byCode = (flow: string | undefined, code: string) => messageSignIn.byCode(ctx, flow, code, visit());
const byLink = (token: string, flow: string | undefined, typed = '') =>
	messageSignIn.byLink(ctx, token, { flow, typed }, visit());
const setState = (person: Person, state: Person['state']) =>
	ctx.db.updateTable('person').set({ state }).where('personId', '=', person.id).execute();
const wrongOf = (code: string) => (code === '000000' ? '000001' : '000000');

describe('Alice, who wants no password', () => {
	test('signs in by the code, once, and finds it in her activity', async () => {
		const alice = await people.alice(ctx);
		const flow = await begin(alice.externalId);
		expect(messageSignIn.isWaiting(ctx, flow)).toBe(true);
		const code = await codeOf(ctx, alice.id, 'sign-in-code');
		const outcome = await byCode(flow, ` ${code.slice(0, 3)}-${code.slice(3)}`);
		expect(outcome).toMatchObject({ personId: alice.id });
		if ('secretId' in outcome) expect(await sessions.read(ctx, outcome.secretId)).toBeDefined();
		const kinds = (await audit.page(ctx, alice.id, undefined, 2)).map(({ kind }) => kind);
		expect(kinds).toEqual(['session-started-by-code', 'sign-in-asked']);
		expect(await byCode(flow, code)).toEqual({ refused: 'code-wrong' });
		expect(await byLink(await tokenOf(alice), flow)).toEqual({ refused: 'code-wrong' });
	});

	test('signs in by the link in the browser that asked; looking at it uses nothing up', async () => {
		const alice = await people.alice(ctx);
		const flow = await begin(alice.externalId, { next: '/export' });
		const token = await tokenOf(alice);
		expect((await letterOf(alice))?.path).toBe(`/sign-in/link/${token}?next=%2Fexport`);
		for (let look = 0; look < 7; look++)
			expect(await messageSignIn.standingOf(ctx, token, flow)).toBe('here');
		expect(await byLink(token, flow)).toMatchObject({ personId: alice.id });
		expect(await messageSignIn.standingOf(ctx, token, flow)).toBe('ended');
		expect(await byLink(token, flow)).toEqual({ refused: 'code-wrong' });
		expect(await byCode(flow, await codeOf(ctx, alice.id, 'sign-in-code'))).toEqual({
			refused: 'code-wrong'
		});
	});

	test('types the code where she opens the link in another browser', async () => {
		const [alice, charlie] = [await people.alice(ctx), await people.charlie(ctx)];
		await begin(alice.externalId);
		const foreign = await begin(charlie.externalId);
		const token = await tokenOf(alice);
		for (const flow of [undefined, foreign, 'invented']) {
			expect(await messageSignIn.standingOf(ctx, token, flow)).toBe('elsewhere');
			expect(await byLink(token, flow)).toEqual({ refused: 'code-wrong' });
		}
		const code = await codeOf(ctx, alice.id, 'sign-in-code');
		expect(await byLink(token, undefined, code)).toMatchObject({ personId: alice.id });
	});

	test('has five tries for code and link together', async () => {
		const alice = await people.alice(ctx);
		const flow = await begin(alice.externalId);
		const token = await tokenOf(alice);
		const code = await codeOf(ctx, alice.id, 'sign-in-code');
		for (let tries = 0; tries < 3; tries++)
			expect(await byCode(flow, wrongOf(code))).toEqual({ refused: 'code-wrong' });
		for (let tries = 0; tries < 2; tries++)
			expect(await byLink(token, undefined, wrongOf(code))).toEqual({ refused: 'code-wrong' });
		expect(await messageSignIn.standingOf(ctx, token, flow)).toBe('ended');
		expect(await byLink(token, flow)).toEqual({ refused: 'code-wrong' });
		expect(await byCode(flow, code)).toEqual({ refused: 'code-wrong' });
	});

	test('has ten minutes, and only the newest letter counts', async () => {
		const alice = await people.alice(ctx);
		const first = await begin(alice.externalId);
		const old = { token: await tokenOf(alice), code: await codeOf(ctx, alice.id, 'sign-in-code') };
		const flow = await begin(alice.externalId);
		expect(await messageSignIn.standingOf(ctx, old.token, first)).toBe('ended');
		expect(await byLink(old.token, first)).toEqual({ refused: 'code-wrong' });
		expect(await byCode(first, old.code)).toEqual({ refused: 'code-wrong' });
		const token = await tokenOf(alice);
		const now = portal.clock.now();
		portal.clock.move(after(now, 10, 'minutes'));
		expect(messageSignIn.isWaiting(ctx, flow)).toBe(false);
		expect(await messageSignIn.standingOf(ctx, token, flow)).toBe('ended');
		expect(await byLink(token, flow)).toEqual({ refused: 'code-wrong' });
		expect(await byCode(flow, await codeOf(ctx, alice.id, 'sign-in-code'))).toEqual({
			refused: 'code-wrong'
		});
		portal.clock.move(now);
	});

	test('signs in by text message where a phone is all she has, and where she typed it', async () => {
		const onlyPhone = await people.somebody(ctx, { identifiers: { phone: '+34 600 555 001' } });
		const flow = await begin('600 555 001');
		expect(await letterOf(onlyPhone)).toMatchObject({ channel: 'sms', to: '+34600555001' });
		expect(await byCode(flow, await codeOf(ctx, onlyPhone.id, 'sign-in-code'))).toMatchObject({
			personId: onlyPhone.id
		});
		const both = await people.alice(ctx, {
			identifiers: { email: 'both@example.com', phone: '+34 600 555 002', username: 'both.ways' }
		});
		for (const [typed, channel] of [
			['+34600555002', 'sms'],
			['both@example.com', 'email'],
			['both.ways', 'email']
		] as const) {
			await begin(typed);
			expect(await letterOf(both)).toMatchObject({ channel });
		}
	});

	test('gets the letter in the language in which she asked, else in her own', async () => {
		const alice = await people.alice(ctx);
		await begin(alice.externalId, { language: 'en' });
		expect((await letterOf(alice))?.language).toBe('en');
		await begin(alice.externalId);
		expect((await letterOf(alice))?.language).toBe(alice.language);
	});

	test('is told of a browser that is new to her account, and the session before ends', async () => {
		const alice = await people.alice(ctx);
		const before = await sessions.start(ctx, alice.id, visit('Firefox').device, null);
		const session = await sessions.read(ctx, before);
		const flow = await begin(alice.externalId);
		const code = await codeOf(ctx, alice.id, 'sign-in-code');
		const phone = 'Mozilla/5.0 (Linux; Android 16) AppleWebKit/537.36 Chrome/142.0.0.0 Mobile';
		await messageSignIn.byCode(ctx, flow, code, {
			...visit(phone),
			before: session && { personId: alice.id, id: session.session.id }
		});
		expect((await outboxOf(ctx, alice.id)).map(({ template }) => template)).toContain('new-device');
		expect(await sessions.read(ctx, before)).toBeUndefined();
	});
});

describe('nobody signs in by a message', () => {
	test('whose account is locked or being erased, also when that began after the letter', async () => {
		const alice = await people.alice(ctx);
		for (const state of ['locked', 'erasing'] as const) {
			await setState(alice, 'active');
			const flow = await begin(alice.externalId);
			const code = await codeOf(ctx, alice.id, 'sign-in-code');
			await setState(alice, state);
			const refused = state === 'locked' ? 'account-locked' : 'code-wrong';
			expect(await byCode(flow, code)).toEqual({ refused });
			const letters = (await outboxOf(ctx, alice.id)).length;
			await begin(alice.externalId);
			expect(await outboxOf(ctx, alice.id)).toHaveLength(letters);
		}
	});

	test('with a link, a flow or a code that we did not make, or made for something else', async () => {
		const [alice, bob] = [await people.alice(ctx), await people.bob(ctx)];
		const flow = await begin(alice.externalId);
		const code = await codeOf(ctx, alice.id, 'sign-in-code');
		for (const token of ['', 'x', 'A'.repeat(5_000), '../../etc/passwd', flow]) {
			expect(await messageSignIn.standingOf(ctx, token, flow)).toBe('ended');
			expect(await byLink(token, flow, code)).toEqual({ refused: 'code-wrong' });
		}
		for (const invented of [undefined, '', 'x', await tokenOf(alice)])
			expect(await byCode(invented, code)).toEqual({ refused: 'code-wrong' });
		const recovering = await recovery.begin(ctx, { identifier: bob.externalId, address: address() });
		if ('flow' in recovering) {
			const recoveryCode = await codeOf(ctx, bob.id, 'recovery-code');
			expect(await byCode(recovering.flow, recoveryCode)).toEqual({ refused: 'code-wrong' });
		}
		expect(await recovery.check(ctx, flow, code, address())).toEqual({ refused: 'code-wrong' });
		expect(await byCode(await begin(bob.externalId), code)).toEqual({ refused: 'code-wrong' });
	});
});

describe('a stranger', () => {
	test('gets the same answer, of the same size, for an account, a locked one and none', async () => {
		const [alice, bob] = [await people.alice(ctx), await people.bob(ctx)];
		await setState(bob, 'locked');
		const flows = [await begin(alice.externalId), await begin(bob.externalId), await begin('nobody-there')];
		expect(new Set(flows.map(({ length }) => length)).size).toBe(1);
		for (const flow of flows) {
			expect(messageSignIn.isWaiting(ctx, flow)).toBe(true);
			expect(await byCode(flow, 'x')).toEqual({ refused: 'code-wrong' });
		}
	});

	test('gets it in the same time', { retry: 3 }, async () => {
		const accounts = await Promise.all(Array.from({ length: 12 }, () => people.somebody(ctx)));
		const pairs = accounts.map(({ externalId }) => ({ account: externalId, nobody: `nobody-${externalId}` }));
		expect(await medianRatio(pairs, (name) => begin(name))).toBeLessThan(1.2);
	});

	test('hears as late of a wrong code, whether or not there is an account', { retry: 3 }, async () => {
		const accounts = await Promise.all(Array.from({ length: 8 }, () => people.somebody(ctx)));
		const pairs = await Promise.all(
			accounts.map(async ({ externalId }) => ({
				account: await begin(externalId),
				nobody: await begin(`nobody-${externalId}`)
			}))
		);
		expect(await medianRatio(pairs, (flow) => byCode(flow, '000000'))).toBeLessThan(1.2);
	});

	test('has one budget with recovery: five letters in a quarter of an hour, fifty codes a day', async () => {
		const alice = await people.alice(ctx);
		const asked = { identifier: alice.externalId, next: '/', language: null };
		let flow = '';
		for (let count = 0; count < 5; count++) flow = await begin(alice.externalId);
		expect(await messageSignIn.begin(ctx, { ...asked, address: address() })).toMatchObject({
			refused: 'too-many-tries'
		});
		expect(await recovery.begin(ctx, { ...asked, address: address() })).toMatchObject({
			refused: 'too-many-tries'
		});
		const outcomes = [];
		for (let tries = 0; tries < 51; tries++) outcomes.push(await byCode(flow, 'x'));
		expect(outcomes.slice(0, 50)).toEqual(Array(50).fill({ refused: 'code-wrong' }));
		expect(outcomes[50]).toMatchObject({ refused: 'too-many-tries' });
	});
});

import { expect, test } from 'vitest';
import { portalForTest } from '../../../../tests/support/portal-for-test.ts';
import * as tokens from './tokens.ts';

const portal = portalForTest({ description: 'tests/support/third-organisation' });

const authenticate = (header: string | null, scope: tokens.Scope, address = '127.0.0.1') =>
	tokens.authenticate(portal.as(), { header, address }, scope);

async function made(scopes: tokens.Scope[] = ['people:write']) {
	const outcome = await tokens.add(portal.as(), { name: 'crm', scopes });
	if ('refused' in outcome) throw new Error(outcome.refused);
	return outcome;
}

test('a token opens what its scopes say and nothing else', async () => {
	const { token, id } = await made();
	expect(await authenticate(`Bearer ${token}`, 'people:write')).toMatchObject({ id });
	expect(await authenticate(`Bearer ${token}`, 'people:erase')).toEqual({
		refused: 'scope-missing'
	});
	expect(await authenticate(null, 'people:write')).toEqual({ refused: 'token-missing' });
	for (const header of [`Basic ${token}`, 'Bearer', `Bearer ${token}x`, 'Bearer candor_'])
		expect(await authenticate(header, 'people:write')).toEqual({
			refused: 'token-unknown'
		});
});

test('the token itself is nowhere in the database', async () => {
	const { token } = await made();
	const rows = await portal.as().db.selectFrom('apiToken').selectAll().execute();
	expect(JSON.stringify(rows)).not.toContain(token.slice(7));
});

test('a revoked token and one that is a year old open nothing', async () => {
	const [first, second] = [await made(), await made()];
	expect(await tokens.revoke(portal.as(), first.id)).toEqual({ revoked: true });
	expect(await tokens.revoke(portal.as(), first.id)).toEqual({ refused: 'token-unknown' });
	expect(await authenticate(`Bearer ${first.token}`, 'people:write')).toEqual({
		refused: 'token-unknown'
	});
	const before = portal.clock.now();
	portal.clock.move('2027-11-23T00:00:00.000Z');
	expect(await authenticate(`Bearer ${second.token}`, 'people:write')).toEqual({
		refused: 'token-unknown'
	});
	portal.clock.move(before);
});

test('a token that was made for some addresses is taken from nowhere else', async () => {
	const networks = ['10.0.0.0/8', '2001:db8::/32', '192.0.2.7'];
	const outcome = await tokens.add(portal.as(), { name: 'erp', scopes: ['people:write'], networks });
	const header = `Bearer ${'token' in outcome ? outcome.token : ''}`;
	for (const address of ['10.1.2.3', '::ffff:10.1.2.3', '2001:db8:1::1', '192.0.2.7'])
		expect(await authenticate(header, 'people:write', address), address).toMatchObject({ networks });
	for (const address of ['11.1.2.3', '2001:db9::1', '192.0.2.8', '::1', 'unknown', ''])
		expect(await authenticate(header, 'people:write', address), address).toEqual({
			refused: 'address-not-allowed'
		});
	for (const wrong of ['10.0.0.0/', '10.0.0.0/33', 'example.com', '2001:db8::/129', ''])
		expect(
			await tokens.add(portal.as(), { name: 'a', scopes: ['people:write'], networks: [wrong] }),
			wrong
		).toEqual({ refused: 'network-invalid' });
});

test('wrong names, scopes and ends are refused', async () => {
	const ctx = portal.as();
	expect(await tokens.add(ctx, { name: '', scopes: ['people:write'] })).toEqual({ refused: 'name-invalid' });
	expect(await tokens.add(ctx, { name: 'a', scopes: ['everything'] })).toEqual({ refused: 'scope-unknown' });
	expect(await tokens.add(ctx, { name: 'a', scopes: [] })).toEqual({ refused: 'scope-unknown' });
	for (const expiresAt of [new Date('2020-01-01'), new Date('2099-01-01'), new Date(Number.NaN)])
		expect(await tokens.add(ctx, { name: 'a', scopes: ['people:write'], expiresAt })).toEqual({
			refused: 'expiry-out-of-range'
		});
});

test('the same request under the same key is answered alike; another body is refused; a running one waits', async () => {
	const ctx = portal.as();
	expect(await tokens.begin(ctx, 't', 'k', 'body')).toEqual({ begun: true });
	expect(await tokens.begin(ctx, 't', 'k', 'body')).toEqual({ refused: 'idempotency-key-running' });
	await tokens.finish(ctx, 't', 'k', { status: 201, answer: '{"id":"x"}' });
	expect(await tokens.begin(ctx, 't', 'k', 'body')).toEqual({ status: 201, answer: '{"id":"x"}' });
	expect(await tokens.begin(ctx, 't', 'k', 'other')).toEqual({ refused: 'idempotency-key-reused' });
	expect(await tokens.begin(ctx, 'u', 'k', 'other')).toEqual({ begun: true });
	expect(await tokens.begin(ctx, 't', 'a b', 'body')).toEqual({ refused: 'idempotency-key-invalid' });
});

test('a key is free again after a day, and after its process died', async () => {
	const ctx = portal.as();
	await tokens.begin(ctx, 'd', 'dead', 'body');
	await tokens.begin(ctx, 'd', 'old', 'body');
	await tokens.finish(ctx, 'd', 'old', { status: 200, answer: '' });
	const before = portal.clock.now();
	portal.clock.move(new Date(before.getTime() + 11 * 60_000));
	expect(await tokens.begin(ctx, 'd', 'dead', 'body')).toEqual({ begun: true });
	portal.clock.move(new Date(before.getTime() + 25 * 3_600_000));
	expect(await tokens.begin(ctx, 'd', 'old', 'another')).toEqual({ begun: true });
	expect(await tokens.idempotencyWork.run(ctx)).toBeGreaterThan(0);
	portal.clock.move(before);
});

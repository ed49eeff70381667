import { beforeAll, expect, test } from 'vitest';
import { alice } from '../../../../tests/support/people.ts';
import { portalForTest } from '../../../../tests/support/portal-for-test.ts';
import type { Person } from '$lib/server/accounts/accounts';
import { open } from '$lib/server/corrections/opening';
import * as objections from '$lib/server/objections/objections';
import * as values from '$lib/server/profile/profile';
import * as tokens from '$lib/server/tokens/tokens';
import * as profile from './people/[externalId]/profile/+server';
import * as purposes from './people/[externalId]/purposes/+server';

const portal = portalForTest({ description: 'examples/classting' });
type Handler = (event: never) => Response | Promise<Response>;

let person: Person;
beforeAll(async () => {
	person = await alice(portal.as(), { role: 'student' });
	await values.set(portal.as(), person, { name: 'Alice', introduction: 'Plays chess' }, 'sign-up');
});

/** Asks with a token of these scopes. */
async function ask(
	handler: Handler,
	scope: tokens.Scope,
	{ externalId = person.externalId, query = '' }: { externalId?: string; query?: string } = {}
) {
	const made = await tokens.add(portal.as(), { name: 'site', scopes: [scope] });
	const url = new URL(`http://localhost:3000/api/v1/x${query}`);
	const headers = { authorization: `Bearer ${'token' in made ? made.token : ''}` };
	const locals = { ctx: portal.as(), address: '127.0.0.1' };
	const request = new Request(url, { headers });
	const response = await handler({ request, url, params: { externalId }, locals } as never);
	return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

test('a system learns what members see, and of a contested field that it is restricted, as whoever it asks', async () => {
	const contest = { field: 'profile.introduction', wrong: 'Wrong', right: '' };
	await open(portal.as(), person, contest);
	const seen = { 'account.name': { value: 'Alice' }, 'profile.introduction': { restricted: true } };
	const asMember = await ask(profile.GET, 'profile:read', { query: '?viewer=members' });
	expect(asMember).toEqual({ status: 200, body: { viewer: 'members', fields: seen } });
	const asOwner = await ask(profile.GET, 'profile:read', { query: '?viewer=owner' });
	expect(asOwner.body['fields']).toMatchObject(seen);
	expect(JSON.stringify(asOwner.body)).not.toContain('chess');
	expect(await ask(profile.GET, 'profile:read', { query: '?viewer=everyone' })).toMatchObject({
		body: { fields: {} }
	});
});

test('a site learns which purposes it may follow, and hears no at once', async () => {
	const asked = async () => (await ask(purposes.GET, 'purposes:read')).body['purposes'];
	expect(await asked()).toMatchObject({
		development: { allowed: true, because: 'legitimate-interests', since: null },
		analytics: { allowed: false, because: 'not-asked', since: null }
	});
	await objections.choose(portal.as(), person, { purpose: 'development', allowed: false });
	expect(await asked()).toMatchObject({ development: { allowed: false, because: 'objected' } });
});

test('nobody learns anything without the scope, about nobody, or as no viewer', async () => {
	expect((await ask(profile.GET, 'purposes:read', { query: '?viewer=owner' })).status).toBe(403);
	expect((await ask(purposes.GET, 'profile:read')).status).toBe(403);
	expect((await ask(purposes.GET, 'purposes:read', { externalId: 'nobody' })).status).toBe(404);
	expect(await ask(profile.GET, 'profile:read', { query: '?viewer=stranger' })).toMatchObject({
		status: 422,
		body: { code: 'viewer-unknown' }
	});
});

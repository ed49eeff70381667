import { beforeAll, describe, expect, test } from 'vitest';
import * as people from '../../../../../tests/support/people.ts';
import { portalForTest } from '../../../../../tests/support/portal-for-test.ts';
import type { Person } from '../../accounts/people.ts';
import * as audit from '../../audit/audit.ts';
import type { Context } from '../../context.ts';
import { after } from '../../platform/clock.ts';
import * as supportLinks from './support-links.ts';
import { supportLinksContract } from './personal-data.ts';
import { supportLinkSweep } from './sweep.ts';

const portal = portalForTest({ description: 'tests/support/third-organisation' });

let ctx: Context;
let alice: Person;
let bob: Person;

beforeAll(async () => {
	ctx = portal.as('system:desk');
	[alice, bob] = [await people.alice(ctx), await people.bob(ctx)];
});

async function make(given: Partial<supportLinks.NewSupportLink> = {}) {
	const made = await supportLinks.make(ctx, { personId: alice.id, page: '/export', ...given });
	if ('refused' in made) throw new Error(made.refused);
	return { ...made, token: made.url.split('/link/')[1] as string };
}

const events = async (person: Person) =>
	(await audit.page(ctx, person.id, undefined, 50)).map(({ kind, actor }) => [kind, actor]);

describe('a link', () => {
	test('is for one person and one page, and lasts a week', async () => {
		const { token, url, code, expiresAt } = await make({
			personId: undefined,
			externalId: alice.externalId,
			language: 'en'
		});
		expect(url).toMatch(/^http:\/\/localhost:3000\/link\/[\w-]{32}$/);
		expect(code).toMatch(/^[ACDEFGHJKMNPQRTUVWXY34679]{6}$/);
		expect(expiresAt).toBe('2026-11-29T09:00:00.000Z');
		expect(await supportLinks.open(ctx, alice.id, token)).toEqual({
			personId: alice.id,
			page: '/export',
			language: 'en'
		});
		expect(await supportLinks.open(ctx, bob.id, token)).toEqual({ refused: 'link-for-another' });
	});

	test('shows under Activity when it is made and when it is first opened', async () => {
		const dora = await people.somebody(ctx, { name: 'dora' });
		const { token } = await make({ personId: dora.id });
		const opening = people.as(ctx, dora);
		await Promise.all([
			supportLinks.open(opening, dora.id, token),
			supportLinks.open(opening, dora.id, token)
		]);
		expect((await events(dora)).reverse()).toEqual([
			['support-link-made', 'system:desk'],
			['support-link-opened', `person:${dora.id}`]
		]);
	});

	test('opens nothing for somebody else, and writes nothing down about them', async () => {
		const { token } = await make();
		const before = await events(bob);
		await supportLinks.open(people.as(ctx, bob), bob.id, token);
		expect(await events(bob)).toEqual(before);
	});

	test('ends on its day, and is answered then like one that never was', async () => {
		const { token } = await make({ expiresIn: 60 });
		const now = portal.clock.now();
		portal.clock.move(after(now, 60, 'seconds'));
		expect(await supportLinks.open(ctx, alice.id, token)).toEqual({ refused: 'link-gone' });
		portal.clock.move(now);
		for (const invented of ['', 'x', 'A'.repeat(32), '../../..', '\u202e', 'A'.repeat(100_000)])
			expect(await supportLinks.open(ctx, alice.id, invented)).toEqual({ refused: 'link-gone' });
	});

	test('goes a month after its end, others stay', async () => {
		const dora = await people.somebody(ctx, { name: 'dora' });
		const kept = await make({ personId: dora.id, expiresIn: 30 * 86_400 });
		await make({ personId: dora.id, expiresIn: 60 });
		const now = portal.clock.now();
		portal.clock.move(after(now, 31, 'days'));
		expect(await supportLinkSweep.run(ctx)).toBeGreaterThan(0);
		expect(await supportLinkSweep.run(ctx)).toBe(0);
		portal.clock.move(now);
		expect((await supportLinks.list(ctx, dora.id)).map(({ id }) => id)).toEqual([kept.id]);
	});

	test.each(['/sharing/reading-circle', '/data/loans', '/', '/withdrawal'])(
		'leads to a page of the person: %s',
		async (page) => {
			expect(await supportLinks.open(ctx, alice.id, (await make({ page })).token)).toMatchObject({ page });
		}
	);

	test.each([
		[{ page: '/staff' }, 'page-unknown'],
		[{ page: '//evil.example' }, 'page-unknown'],
		[{ page: '/data/../../x' }, 'page-unknown'],
		[{ page: '/data/nothing' }, 'page-unknown'],
		[{ page: '/export?x=1' }, 'page-unknown'],
		[{ language: 'tlh' }, 'language-unknown'],
		[{ expiresIn: 59 }, 'expiry-out-of-range'],
		[{ expiresIn: 31 * 86_400 }, 'expiry-out-of-range'],
		[{ expiresIn: Number.NaN }, 'expiry-out-of-range'],
		[{ personId: undefined }, 'person-unknown'],
		[{ personId: 'somebody' }, 'person-unknown'],
		[{ personId: undefined, externalId: "' or 1=1" }, 'person-unknown']
	])('is not made for %o', async (given, refused) => {
		expect(await supportLinks.make(ctx, { personId: alice.id, page: '/export', ...given })).toEqual({
			refused
		});
	});
});

describe('the code', () => {
	test('counts in the session of its person, however it is written', async () => {
		const { code } = await make();
		const typed = ` ${code.slice(0, 3).toLowerCase()}-${code.slice(3)} `;
		expect(await supportLinks.confirm(ctx, bob.id, typed)).toEqual({ refused: 'code-wrong' });
		expect(await supportLinks.confirm(ctx, alice.id, typed)).toMatchObject({ page: '/export' });
	});

	test('counts for five tries', async () => {
		const dora = await people.somebody(ctx, { name: 'dora' });
		const { code } = await make({ personId: dora.id });
		for (let count = 0; count < 5; count++)
			expect(await supportLinks.confirm(ctx, dora.id, 'BBBBBB')).toEqual({ refused: 'code-wrong' });
		expect(await supportLinks.confirm(ctx, dora.id, code)).toEqual({ refused: 'code-wrong' });
	});

	test.each(['', '<b>', "' or 1=1 --", '\u0000', '💥'.repeat(1_000)])(
		'is refused when it is %j',
		async (typed) => {
			const dora = await people.somebody(ctx, { name: 'dora' });
			await make({ personId: dora.id });
			expect(await supportLinks.confirm(ctx, dora.id, typed)).toEqual({ refused: 'code-wrong' });
		}
	);
});

test('what is kept of links is counted, handed over without token and code, and erased', async () => {
	const dora = await people.somebody(ctx, { name: 'dora' });
	const { token, code } = await make({ personId: dora.id });
	await make({ personId: dora.id, page: '/' });
	expect(await supportLinksContract.count(ctx, dora.id)).toEqual([
		{ category: 'portal.security', records: 2 }
	]);
	const [part] = await supportLinksContract.collect(ctx, dora.id);
	const rows = (await Array.fromAsync(part?.pages() ?? [])).flat();
	expect(rows).toHaveLength(2);
	expect(JSON.stringify(rows)).not.toContain(token);
	expect(JSON.stringify(rows)).not.toContain(code);
	const others = (await supportLinks.list(ctx, alice.id)).length;
	expect(await supportLinksContract.erase(ctx, dora.id, 1)).toEqual({ destroyed: 1, done: false });
	expect(await supportLinksContract.erase(ctx, dora.id, 10)).toEqual({ destroyed: 1, done: true });
	expect(await supportLinks.list(ctx, alice.id)).toHaveLength(others);
});

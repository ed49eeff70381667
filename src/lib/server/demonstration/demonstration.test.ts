import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { portalForTest } from '../../../../tests/support/portal-for-test.ts';
import { find, lookUp, signIn } from '../accounts/accounts.ts';
import * as audit from '../audit/audit.ts';
import type { Context } from '../context.ts';
import * as disclosures from '../disclosures/disclosures.ts';
import { categoriesOf } from '../organisation/lookup.ts';
import { values } from '../profile/profile.ts';
import * as records from '../records/records.ts';
import { generate, password, populate, signIns } from './demonstration.ts';
import { randomFrom } from './random.ts';

/** Two years of 25 people are thousands of rows; on PostgreSQL each is a round trip. */
const filling = { timeout: 240_000 };

const inDemonstration = (ctx: Context): Context => ({
	...ctx,
	settings: { ...ctx.settings, demonstration: true }
});

async function personOf(ctx: Context, identifier: string) {
	const found = await lookUp(ctx, identifier);
	const person = found && (await find(ctx, found.personId));
	if (!person) throw new Error(`nobody is ${identifier}`);
	return person;
}

async function people(ctx: Context): Promise<number> {
	const { people } = await ctx.db
		.selectFrom('person')
		.select((count) => count.fn.countAll<number>().as('people'))
		.executeTakeFirstOrThrow();
	return Number(people);
}

describe.each([
	['examples/classting', ['minjun', 'parent-park', 'seoyeon', 'teacher-kim']],
	['examples/classerium', ['alice', 'omar', 'carla']],
	['tests/support/third-organisation', []]
])('the people of %s', (description, names) => {
	const portal = portalForTest({ description });

	test(
		'are there after the first start, of every role and language, and not doubled by the second',
		filling,
		async () => {
			const ctx = inDemonstration(portal.as());
			await populate(ctx);
			await populate(ctx);
			expect(await people(ctx)).toBe(25);
			const rows = await ctx.db.selectFrom('person').select(['role', 'language']).execute();
			expect(new Set(rows.map(({ role }) => role))).toEqual(
				new Set(ctx.organisation.roles.map(({ id }) => id))
			);
			expect(new Set(rows.map(({ language }) => language))).toEqual(new Set(ctx.organisation.languages));
			expect((await signIns(ctx)).map(({ identifier }) => identifier)).toEqual(names);
		}
	);

	test.each(names)(
		'%s signs in by username and by email, and has something in every category',
		async (name) => {
			const ctx = portal.as();
			const device = { device: 'a browser', address: '127.0.0.1' } as never;
			for (const identifier of [name, `${name}@example.com`])
				expect(await signIn(ctx, { identifier, password, device, language: null })).toHaveProperty(
					'secretId'
				);
			const person = await personOf(ctx, name);
			const held = await values(ctx, person);
			expect(held.size).toBeGreaterThan(3);
			const counts = await records.counts(ctx, person.id);
			const described = categoriesOf(ctx.organisation, person.role).filter(({ kind }) => kind === 'records');
			if (person.state === 'active') expect(counts.size).toBeGreaterThan(described.length * 0.6);
			expect((await audit.page(ctx, person.id, undefined, 5)).length).toBeGreaterThan(0);
		}
	);
});

describe('a child', () => {
	const portal = portalForTest({ description: 'examples/classting' });

	test('of eleven waits for consent and has her guardian and her school', filling, async () => {
		const ctx = portal.as();
		await populate(ctx);
		const child = await personOf(ctx, 'seoyeon');
		const named = [await personOf(ctx, 'parent-park'), await personOf(ctx, 'teacher-kim')];
		expect(child.state).toBe('awaiting-consent');
		const rows = await ctx.db
			.selectFrom('guardian')
			.select('guardianId')
			.where('personId', '=', child.id)
			.execute();
		expect(rows.map(({ guardianId }) => guardianId).sort()).toEqual(named.map(({ id }) => id).sort());
	});
});

describe('people for a benchmark', () => {
	const portal = portalForTest({ description: 'examples/classting' });

	test('are refused outside the demonstration and beside others', async () => {
		expect(await generate(portal.as(), { people: 1, giant: 0, seed: 's' })).toEqual({
			refused: 'not-demonstration'
		});
	});

	test('read through every domain like people who came in one by one', filling, async () => {
		const ctx = inDemonstration({
			...portal.as(),
			settings: { ...portal.settings, dataFolder: mkdtempSync(join(tmpdir(), 'candor-light-')) }
		});
		expect(await generate(ctx, { people: 120, giant: 250, seed: 's' })).toMatchObject({
			people: 120,
			records: 610
		});
		expect(await generate(ctx, { people: 1, giant: 0, seed: 's' })).toEqual({ refused: 'not-empty' });
		const first = await personOf(ctx, 'p-00000000@example.com');
		expect(first.externalId).toBe('p-00000000');
		expect((await values(ctx, first)).get('name')?.value).toBeTruthy();
		const [[category, count] = ['', 0]] = [...(await records.counts(ctx, first.id))];
		expect(count).toBe(3);
		const page = await records.page(ctx, first, category, { limit: 10 });
		expect('records' in page && page.records).toHaveLength(3);
		expect(
			await signIn(ctx, {
				identifier: 'p-00000007@example.com',
				password,
				device: { device: 'b', address: '::1' } as never,
				language: null
			})
		).toHaveProperty('secretId');
		const giant = await personOf(ctx, 'giant@example.com');
		expect([...(await records.counts(ctx, giant.id)).values()]).toContain(250);
		expect((await disclosures.page(ctx, first.id, { limit: 5 })).disclosures).toHaveLength(1);
	});
});

test('the same seed draws the same', () => {
	const draw = (seed: string) => Array.from({ length: 5 }, randomFrom(seed).fraction);
	expect(draw('a')).toEqual(draw('a'));
	expect(draw('a')).not.toEqual(draw('b'));
});

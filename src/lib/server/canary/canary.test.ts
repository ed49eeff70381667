import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { outsideOrganisation, type Shop } from '../../../../tests/support/outside-organisation.ts';
import { outsidePortal } from '../../../../tests/support/outside-portal-for-test.ts';
import { alice as somebodyAlice } from '../../../../tests/support/people.ts';
import type { SourceServer } from '../../../../tests/support/source-server.ts';
import { registerMany } from '../accounts/accounts.ts';
import type { Context } from '../context.ts';
import { SourceFailure, type Ability, type Source } from '../platform/sources/source.ts';
import { openApart } from '../portal-apart.ts';
import { closeSources, openSources } from '../sources/opening.ts';
import { standings } from '../sources/sources.ts';
import type { Member } from '../staff/staff.ts';
import { canaryWork, gapsIn, lastWalk, walkNow, type Outcome } from './canary.ts';

const description = outsideOrganisation();
const planted =
	"insert into members (customer, nickname, joined_on) values (:person, 'canary', '2026-01-01')";
description.edit(
	'organisation.yaml',
	`      - "${planted}"`,
	`      - "${planted}"\n      - "insert into orders (customer, id, placed_at, title, amount, due_on) values (:person, 'planted', '2026-01-01', 'Emma', 1, '2026-02-01')"`
);
description.edit(
	'organisation.yaml',
	'edit: [{ field: subject }]',
	'edit: [{ field: subject }, { field: photo }]'
);
const outside = outsidePortal(description);
const { portal } = outside;
let shop: Shop;
let crm: SourceServer;
beforeAll(() => void ({ shop, crm } = outside));

const officer = { id: 'sam', name: 'Sam', role: 'officer' } as Member;
const agent = { id: 'charlie', name: 'Charlie', role: 'agent' } as Member;

let ctx: Context;
let logged: { source?: string; step?: string; because?: string }[];
beforeEach(async () => {
	portal.clock.move('2026-11-22T09:00:00.000Z');
	ctx = portal.as();
	crm.secret = ctx.sourceSecrets.crm ?? '';
	crm.fault = undefined;
	crm.rows.clear();
	crm.calls = [];
	for (const table of ['orders', 'members']) await shop.run(`delete from ${table}`);
	for (const table of ['canaryRun', 'sourceProof', 'controlDone'] as const)
		await ctx.db.deleteFrom(table).execute();
	logged = [];
	const log = { ...ctx.log, error: (details: object) => void logged.push(details) } as Context['log'];
	const sources = await openSources(ctx, ctx.sourceSecrets, { failures: 10_000, pauseMilliseconds: 1 });
	const control = { id: 'walked', label: { en: 'The canary' }, by: 'canary' as const, everyDays: 2 };
	const organisation = { ...ctx.organisation, controls: [control] };
	ctx = { ...ctx, log, sources, organisation, settings: { ...ctx.settings } };
});
afterEach(() => closeSources(ctx.sources));

const walked = async (): Promise<Outcome[]> => {
	const outcome = await walkNow(ctx, openApart);
	if ('refused' in outcome) throw new Error(outcome.refused);
	return outcome.outcomes;
};
const of = (outcomes: readonly Outcome[], source: string) =>
	outcomes.filter((one) => one.source === source).map(({ step, outcome }) => `${step} ${outcome}`);
const all = ['clean', 'plant', 'read', 'edit', 'restrict', 'export', 'erase'].map((step) => `${step} done`);
const without = (source: string, change: Partial<Source>) => {
	const whole = ctx.sources.get(source) as Source;
	ctx.sources = new Map(ctx.sources).set(source, { ...whole, resting: false, ...change });
};
/** Walks through these alone: each costs a portal. */
const only = (...ids: string[]) => {
	const sources = ctx.organisation.sources.filter(({ id }) => ids.includes(id));
	ctx.organisation = { ...ctx.organisation, sources };
};
const leftInTheShop = async () =>
	(await shop.run("select customer from members where customer = 'candor-canary'")).length +
	(await shop.run("select customer from orders where customer = 'candor-canary'")).length;

const portalsLeft = () => readdirSync(join(ctx.settings.dataFolder, 'canary'));

/** Of a control that the description wants to see done. */
const writtenDown = async () => (await ctx.db.selectFrom('controlDone').selectAll().execute()).length;

/** Each walk makes a portal, which takes long while others work too. */
const patient = { timeout: 120_000 };

describe('the canary', patient, () => {
	test('walks through every source, is noted beside what each has proved, and is nobody afterwards', async () => {
		const alice = await somebodyAlice(ctx);
		await shop.run('insert into members (customer, nickname) values ($1, $2)', alice.externalId, 'Ali');
		const before = await peopleAndCases();
		const outcomes = await walked();
		expect(gapsIn(outcomes)).toEqual([]);
		expect(of(outcomes, 'shop')).toEqual(all);
		expect(of(outcomes, 'crm')).toEqual(all);
		expect(await peopleAndCases()).toEqual(before);
		expect(await leftInTheShop()).toBe(0);
		expect(crm.rows.has('candor-canary/tickets')).toBe(false);
		expect(portalsLeft()).toEqual([]);
		expect(await writtenDown(), 'that it went through everything').toBe(1);
		expect(await shop.run('select nickname from members')).toEqual([{ nickname: 'Ali' }]);
		expect(logged).toEqual([]);

		const beside = await standings(ctx, officer);
		if ('refused' in beside) throw new Error(beside.refused);
		for (const { abilities } of beside)
			expect(abilities.filter(({ proofs }) => proofs.some(({ by }) => by === 'canary'))).toHaveLength(5);
		expect(await lastWalk(ctx, officer)).toMatchObject({
			ranAt: '2026-11-22T09:00:00.000Z',
			isMissing: false
		});
		expect(await lastWalk(ctx, agent)).toEqual({ refused: 'not-permitted' });
	});

	const peopleAndCases = () =>
		Promise.all(
			(
				['person', 'erasureCase', 'certificate', 'export', 'outbox', 'auditLeaf', 'listenerCall'] as const
			).map(
				async (table) =>
					(
						await ctx.db
							.selectFrom(table as 'person')
							.selectAll()
							.execute()
					).length
			)
		);

	test.each<[string, Partial<Source>, Partial<Outcome>]>([
		[
			'does not plant what it says',
			{ plant: async () => undefined },
			{ step: 'read', because: 'nothing-planted' }
		],
		[
			'says that it changed what it did not',
			{ edit: async () => 'done' },
			{ step: 'edit', because: 'not-changed' }
		],
		[
			'keeps what it said that it erased',
			{ erase: async () => undefined },
			{ step: 'erase', because: 'still-holds' }
		]
	])('finds a shop that %s, and raises the alarm', async (_, change, gap) => {
		only('shop');
		without('shop', change);
		const outcomes = await walked();
		expect(gapsIn(outcomes)).toContainEqual({ source: 'shop', outcome: 'gap', ...gap });
		expect(logged).toContainEqual(expect.objectContaining({ source: 'shop', ...gap }));
	});

	test('finds a desk that is down, and clears away next time what it left there', async () => {
		only('crm');
		const whole = ctx.sources.get('crm') as Source;
		without('crm', {
			erase: async (person, within) => {
				if (crm.rows.has(`${person}/tickets`)) crm.fault = 'server-error';
				return whole.erase(person, within);
			}
		});
		expect(gapsIn(await walked())).toMatchObject([{ source: 'crm', step: 'erase' }]);
		expect(crm.rows.has('candor-canary/tickets')).toBe(true);
		crm.fault = undefined;
		without('crm', { erase: (person, within) => whole.erase(person, within) });
		expect(of(await walked(), 'crm')).toEqual(all);
		expect(crm.rows.has('candor-canary/tickets')).toBe(false);
	});

	test('asks a source that can plant nothing whether it answers, and says that nothing more is proved', async () => {
		only('crm');
		const { can } = ctx.sources.get('crm') as Source;
		without('crm', { can: new Set(['read']) });
		expect(of(await walked(), 'crm')).toEqual(['ask done', 'plant cannot']);
		crm.fault = 'refuse';
		expect(gapsIn(await walked())).toMatchObject([{ source: 'crm', step: 'ask' }]);
		crm.fault = undefined;
		without('crm', { can, erase: () => Promise.reject(new SourceFailure('crm', 'off')) });
		expect(of(await walked(), 'crm')).toEqual(['clean off']);
		expect(await writtenDown(), 'not walked to the end').toBe(0);
	});

	test('that breaks down in a step or between two says so, and leaves nothing there', async () => {
		only('crm');
		const whole = ctx.sources.get('crm') as Source;
		const isLeft = () => crm.rows.has('candor-canary/tickets');
		without('crm', {
			plant: async (person, within) => {
				await whole.plant(person, within);
				throw new TypeError('a bug');
			}
		});
		expect(of(await walked(), 'crm')).toEqual(['clean done', 'plant gap', 'erase done']);
		expect(logged).toContainEqual(expect.objectContaining({ step: 'plant', because: 'broke-down' }));
		expect(isLeft()).toBe(false);

		let wasThere = false;
		const can = Object.assign(new Set(whole.can), {
			has(ability: Ability) {
				if (ability !== 'edit') return true;
				wasThere = isLeft();
				throw new TypeError('another bug');
			}
		});
		without('crm', { plant: (person, within) => whole.plant(person, within), can });
		expect(of(await walked(), 'crm')).toEqual(['ask gap']);
		expect(wasThere).toBe(true);
		expect(isLeft()).toBe(false);
	});

	test('that was taken over ends at once, and leaves what is the other one’s alone', async () => {
		const others = join(ctx.settings.dataFolder, 'canary', `walk-${ctx.clock.now().getTime()}-other`);
		const dead = join(ctx.settings.dataFolder, 'canary', 'walk-1-dead');
		for (const folder of [others, dead]) mkdirSync(folder, { recursive: true });
		const leasedUntil = '2026-11-22T09:11:00.000Z';
		without('shop', {
			restrict: async () =>
				void (await ctx.db.updateTable('canaryRun').set({ leasedUntil, result: '[]' }).execute())
		});
		expect(await walkNow(ctx, openApart)).toEqual({ refused: 'walks-already' });
		expect(await ctx.db.selectFrom('canaryRun').selectAll().execute()).toMatchObject([
			{ ranAt: null, result: '[]', leasedUntil }
		]);
		expect(await leftInTheShop(), 'the other one’s canary').toBeGreaterThan(0);
		expect(crm.calls).toEqual([]);
		expect(portalsLeft()).toEqual([basename(others)]);
		expect(await walkNow(ctx, openApart)).toEqual({ refused: 'walks-already' });
		rmSync(others, { recursive: true });
	});

	test('touches nothing while somebody real bears its id', async () => {
		await registerMany(ctx, [
			{
				externalId: 'Candor-Canary',
				role: ctx.organisation.roles[0]?.id ?? '',
				language: 'en',
				timeZone: 'UTC',
				country: 'ES',
				identifiers: {},
				invented: true
			}
		]);
		await shop.run("insert into members (customer, nickname) values ('candor-canary', 'Real')");
		const gap = { step: 'clean', outcome: 'gap', because: 'somebody-real' };
		expect(await walked()).toEqual([
			{ source: 'shop', ...gap },
			{ source: 'crm', ...gap }
		]);
		expect(logged).toHaveLength(2);
		expect(await shop.run('select nickname from members')).toEqual([{ nickname: 'Real' }]);
		expect(crm.calls).toEqual([]);
		await ctx.db.deleteFrom('identifier').where('kind', '=', 'external').execute();
	});

	test('walks once a night, one process alone; who misses two nights is told of', async () => {
		only('crm');
		const work = canaryWork(openApart);
		await work.run(ctx);
		expect(await lastWalk(ctx, officer)).toMatchObject({ ranAt: null, isMissing: false });
		portal.clock.move('2026-11-25T03:00:01.000Z');
		expect(await lastWalk(ctx, officer)).toMatchObject({ ranAt: null, isMissing: true });
		crm.calls = [];
		await Promise.all([work.run(ctx), work.run(ctx)]);
		expect(crm.calls.filter((call) => call === 'PUT /people/candor-canary')).toHaveLength(1);
		expect(await lastWalk(ctx, officer)).toMatchObject({
			ranAt: '2026-11-25T03:00:01.000Z',
			isMissing: false
		});
		crm.calls = [];
		await work.run(ctx);
		expect(crm.calls).toEqual([]);
	});
});

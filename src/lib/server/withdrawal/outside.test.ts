import type { KeyObject } from 'node:crypto';
import { Decrypter } from 'age-encryption';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Shop } from '../../../../tests/support/outside-organisation.ts';
import { outsidePortal } from '../../../../tests/support/outside-portal-for-test.ts';
import { peopleOutside } from '../../../../tests/support/people-outside.ts';
import { as } from '../../../../tests/support/people.ts';
import { archiveIdentity } from '../../../../tests/support/portal-for-test.ts';
import { mailServer } from '../../../../tests/support/smtp.ts';
import type { SourceServer } from '../../../../tests/support/source-server.ts';
import type { Person } from '../accounts/people.ts';
import { register } from '../accounts/registration.ts';
import * as archive from '../archive/archive.ts';
import type { Context } from '../context.ts';
import { closeTransports } from '../delivery/transports/transports.ts';
import { after } from '../platform/clock.ts';
import { open as openSealed } from '../platform/keys/keys.ts';
import { SourceFailure, type Source } from '../platform/sources/source.ts';
import { notReplayed } from '../replay.ts';
import type { ErasureCaseTable } from '../schema.ts';
import * as cases from './case/case.ts';
import { waitingAlarm } from './case/alarm.ts';
import { caseWork } from './case/follow-up.ts';
import { sweepCaseKeys } from './case/key-sweep.ts';
import { noteBroughtBack, reopen } from './case/reopening.ts';
import { erasureWork } from './erasure.ts';
import * as withdrawal from './withdrawal.ts';

const outside = outsidePortal();
const { portal } = outside;
let shop: Shop;
let crm: SourceServer;
beforeAll(() => void ({ shop, crm } = outside));

let ctx: Context;
let alice: Person;
let bob: Person;
let logged: object[];

/** What the law keeps: orders alone, for five years. */
function withLaw({ organisation }: Context): Context['organisation'] {
	const copy = structuredClone(organisation);
	const law = { en: 'Tax law', es: 'Ley fiscal' };
	copy.retention.push({
		id: 'books',
		label: law,
		from: 'record',
		for: 'P5Y',
		afterLeaving: { law, what: law, for: 'P5Y' }
	} as (typeof copy.retention)[number]);
	for (const category of copy.categories) if (category.id === 'orders') category.retention = 'books';
	return copy;
}

const scene = peopleOutside(outside, withLaw);
beforeEach(() => void ({ ctx, alice, bob, logged } = scene));

const now = () => portal.clock.now();
const wait = (days: number) => portal.clock.move(after(now(), days, 'days'));
const work = async () => {
	for (const kind of [erasureWork, caseWork]) while ((await kind.run(ctx)) > 0);
};

/** Asks to leave, and is erased at once. */
async function leave(person: Person): Promise<string> {
	await withdrawal.request(as(ctx, person), person, { graceDays: 0 });
	const code = (await withdrawal.claimCode(ctx, person.id)) as string;
	// Locked, then messages that were written before have an hour.
	await work();
	portal.clock.move(after(now(), 61, 'minutes'));
	await work();
	return code;
}

async function standing(code: string) {
	const claimed = await withdrawal.stateOfClaim(ctx, code);
	if ('refused' in claimed) throw new Error(claimed.refused);
	const { state, waitingFor, issued } = claimed;
	const certificate = issued?.certificate;
	const sources = (certificate?.sources ?? []).map(({ source, state, held }) => ({ source, state, held }));
	return { state, waitingFor, certificate, sources, caseId: certificate?.sub ?? '' };
}

/** Why what the case still waits for is not done, as staff read it. */
async function because(code: string) {
	const { caseId } = await standing(code);
	const { oldest } = await withdrawal.waitingOutside(ctx, 100);
	return oldest.filter((waiting) => waiting.case === caseId).map((waiting) => waiting.because);
}

const atTheShop = async ({ externalId }: Person) =>
	(await shop.run('select id from orders where customer = $1', externalId)).length +
	(await shop.run('select customer from members where customer = $1', externalId)).length;
const atTheDesk = ({ externalId }: Person) => crm.rows.get(`${externalId}/tickets`)?.length ?? 0;

const shopHeld = [
	{ category: 'orders', records: 3 },
	{ category: 'membership', records: 1 }
];
const deskHeld = [{ category: 'tickets', records: 1 }];

describe('Alice leaves, and', () => {
	test('what lies outside is counted before, destroyed there, kept where the law says so, and certified', async () => {
		const before = await withdrawal.rehearse(ctx, alice.id);
		expect(before.destroyed).toEqual(expect.arrayContaining([...shopHeld, ...deskHeld]));
		expect(before.kept).toMatchObject([{ category: 'orders', records: 3, ground: 'books' }]);
		expect(before.uncounted).toEqual([]);

		const { sources, certificate } = await standing(await leave(alice));
		expect(sources).toEqual([
			{ source: 'crm', state: 'erased', held: deskHeld },
			{ source: 'shop', state: 'erased', held: shopHeld }
		]);
		expect(certificate).toMatchObject({ version: 1, final: true, rowsLeft: 0 });
		expect(certificate?.kept).toMatchObject([{ category: 'orders', records: 3, ground: 'books' }]);
		expect(certificate?.destroyed.map(({ category }) => category)).not.toContain('orders');
		expect([await atTheShop(alice), atTheDesk(alice)]).toEqual([0, 0]);
		expect([await atTheShop(bob), atTheDesk(bob)]).toEqual([2, 1]);

		const [entry] = (await archive.list(ctx, undefined, 100)).filter(({ ground }) => ground === 'books');
		const file = await archive.ageFile(ctx, entry?.id ?? '');
		const decrypter = new Decrypter();
		decrypter.addIdentity(archiveIdentity);
		const content = 'content' in file ? await decrypter.decrypt(file.content, 'text') : '{}';
		const kept = JSON.parse(content) as archive.Archived;
		expect(kept.person).toEqual({ id: alice.id, externalId: alice.externalId });
		expect(kept.categories.orders).toHaveLength(3);
	});

	test('what lies outside is asked all at once', async () => {
		let [now, most] = [0, 0];
		const slowly = (source: Source): Source => ({
			...source,
			resting: false,
			count: async (...asked) => {
				most = Math.max(most, (now += 1));
				await new Promise((resolve) => setTimeout(resolve, 50));
				now -= 1;
				return source.count(...asked);
			}
		});
		ctx.sources = new Map([...ctx.sources].map(([id, source]) => [id, slowly(source)]));
		await withdrawal.rehearse(ctx, alice.id);
		expect(most, 'each of three categories, and what the law keeps of one').toBe(4);
	});

	test('a desk that is down for weeks is named in the rehearsal, waited for, told of, and erased when it is back', async () => {
		crm.fault = 'server-error';
		const before = await withdrawal.rehearse(ctx, alice.id);
		expect(before.uncounted).toEqual(['crm']);
		expect(before.destroyed).toEqual(expect.arrayContaining(shopHeld));

		const { url, received } = await mailServer();
		ctx.settings.smtpUrl = url;
		const code = await leave(alice);
		closeTransports(ctx.settings);
		expect(received.map(({ raw }) => raw).join()).toContain('La mesa de ayuda');
		const first = await standing(code);
		expect(first.sources).toEqual([
			{ source: 'crm', state: 'waiting', held: null },
			{ source: 'shop', state: 'erased', held: shopHeld }
		]);
		expect(first.certificate).toMatchObject({ version: 1, final: false });
		expect(first.waitingFor).toEqual([{ source: 'crm', since: expect.stringMatching(/^2026-11-22T/) }]);

		// Longer than partners have to answer: the case goes on, its key lives, the address is gone.
		for (let day = 0; day < 45; day += 5) {
			wait(5);
			await work();
		}
		const row = (await cases.find(ctx, first.caseId)) as ErasureCaseTable;
		expect(row.state).toBe('erased');
		const { claimCode: _code, ...farewell } = (await cases.farewellOf(ctx, row)) as cases.Farewell;
		expect(farewell).toEqual({ personId: alice.id, externalId: alice.externalId });
		await waitingAlarm.run(ctx);
		expect(logged).toContainEqual(expect.objectContaining({ source: 'crm', cases: 1 }));
		expect((await withdrawal.waitingOutside(ctx, 10)).oldest).toMatchObject([
			{ case: first.caseId, source: 'crm', because: 'unreachable' }
		]);

		crm.fault = undefined;
		wait(1);
		await work();
		const last = await standing(code);
		expect(last).toMatchObject({ state: 'closed', waitingFor: [] });
		expect(last.certificate).toMatchObject({ version: 2, final: true });
		expect(last.sources[0]).toEqual({ source: 'crm', state: 'erased', held: deskHeld });
		expect(atTheDesk(alice)).toBe(0);
		expect(await ctx.caseKeys.find(first.caseId)).toBeUndefined();
	});

	test('one that says done and still holds something is not believed, and asked again', async () => {
		const shopSource = ctx.sources.get('shop') as Source;
		const lying: Source = { ...shopSource, resting: false, erase: async () => undefined };
		ctx.sources = new Map(ctx.sources).set('shop', lying);
		const code = await leave(alice);
		expect((await standing(code)).sources[1]).toMatchObject({
			source: 'shop',
			state: 'waiting',
			held: shopHeld
		});
		expect(await because(code)).toEqual(['still-holds']);
		ctx.sources = new Map(ctx.sources).set('shop', shopSource);
		wait(31);
		await work();
		expect((await standing(code)).sources[1]).toEqual({ source: 'shop', state: 'erased', held: shopHeld });
	});

	test('one that counts nothing any more and still gives something is not believed, by nobody’s word', async () => {
		const desk = ctx.sources.get('crm') as Source;
		const lying: Source = { ...desk, resting: false, count: async () => 0, erase: async () => undefined };
		ctx.sources = new Map(ctx.sources).set('crm', lying);
		const code = await leave(alice);
		const { caseId, sources } = await standing(code);
		expect(sources[0]).toMatchObject({ source: 'crm', state: 'waiting' });
		expect(await because(code)).toEqual(['still-holds']);
		expect(await withdrawal.answered(ctx, caseId, { source: 'crm' })).toEqual({ refused: 'still-holds' });
		ctx.sources = new Map(ctx.sources).set('crm', desk);
		wait(31);
		await work();
		expect((await standing(code)).sources[0]).toEqual({ source: 'crm', state: 'erased', held: deskHeld });
		expect(atTheDesk(alice)).toBe(0);
	});

	test.each(['before', 'after'] as const)(
		'a process that dies %s the shop has erased them goes on where it was',
		async (when) => {
			const shopSource = ctx.sources.get('shop') as Source;
			const dying: Source = {
				...shopSource,
				resting: false,
				erase: async (person) => {
					if (when === 'after') await shopSource.erase(person);
					throw new Error('killed');
				}
			};
			const healthy = ctx.sources;
			ctx.sources = new Map(ctx.sources).set('shop', dying);
			const code = await leave(alice);
			expect((await standing(code)).state).toBe('erasing');
			ctx.sources = healthy;
			wait(1);
			await work();
			const { sources, certificate } = await standing(code);
			expect(sources[1]).toEqual({ source: 'shop', state: 'erased', held: shopHeld });
			expect(certificate?.kept).toMatchObject([{ category: 'orders', records: 3 }]);
			const entries = (await archive.list(ctx, undefined, 1_000)).filter(({ ground }) => ground === 'books');
			const opened = [];
			for (const { id } of entries) opened.push(await archive.ageFile(ctx, id));
			const decrypter = new Decrypter();
			decrypter.addIdentity(archiveIdentity);
			const contents: string[] = [];
			for (const file of opened)
				if ('content' in file) contents.push(await decrypter.decrypt(file.content, 'text'));
			expect(contents.filter((content) => content.includes(alice.externalId))).toHaveLength(1);
		}
	);

	test('one that cannot erase by itself is seen to by hand, and asked before anybody is believed', async () => {
		const shopSource = ctx.sources.get('shop') as Source;
		const byHand: Source = {
			...shopSource,
			resting: false,
			can: new Set(['read', 'edit', 'restrict']),
			erase: async () => Promise.reject(new SourceFailure('shop', 'cannot'))
		};
		ctx.sources = new Map(ctx.sources).set('shop', byHand);
		const code = await leave(alice);
		const { caseId } = await standing(code);
		const answered = (source: string) => withdrawal.answered(ctx, caseId, { source });
		expect(await because(code)).toEqual(['by-hand']);
		expect(await answered('shop')).toEqual({ refused: 'still-holds' });
		expect(await answered('crm')).toEqual({ refused: 'not-waiting' });
		for (const table of ['orders', 'members'])
			await shop.run(`delete from ${table} where customer = $1`, alice.externalId);
		expect(await answered('shop')).toEqual({ answered: true });
		expect(await answered('shop')).toEqual({ refused: 'not-waiting' });
		wait(31);
		await work();
		expect(await standing(code)).toMatchObject({ state: 'closed', certificate: { final: true } });
	});

	test('one that is described no more is believed on the organisation’s word, and the certificate says so', async () => {
		crm.fault = 'server-error';
		const code = await leave(alice);
		const { caseId } = await standing(code);
		expect(await withdrawal.answered(ctx, caseId, { source: 'crm' })).toEqual({ refused: 'source-down' });
		ctx.sources = new Map([...ctx.sources].filter(([id]) => id !== 'crm'));
		wait(2);
		await work();
		expect(await because(code)).toEqual(['not-described']);
		expect(await withdrawal.answered(ctx, caseId, { source: 'crm' })).toEqual({ answered: true });
		wait(31);
		await work();
		expect((await standing(code)).sources[0]).toMatchObject({ source: 'crm', state: 'declared', held: null });
	});
});

describe('before Alice is erased in the shop', () => {
	const shopSource = () => ctx.sources.get('shop') as Source;
	const withShop = (change: Partial<Source>) => {
		const changed = { ...shopSource(), resting: false, ...change };
		ctx.sources = new Map(ctx.sources).set('shop', changed);
	};
	const again = async () => {
		wait(1);
		await work();
	};

	test.each([
		['is not as much as was counted', 1, false],
		['holds a row that can’t be read', 0, true]
	])('what the law keeps is kept whole: not when it %s', async (_why, more, isBroken) => {
		const honest = shopSource();
		withShop({
			count: async (category, person, within) =>
				(await honest.count(category, person, within)) + (category === 'orders' ? more : 0),
			read: (category, person, within) => {
				if (isBroken) within?.unreadable?.();
				return honest.read(category, person, within);
			}
		});
		const code = await leave(alice);
		expect(await because(code)).toEqual(['not-kept']);
		expect(await atTheShop(alice)).toBe(4);
		expect(logged).toContainEqual(expect.objectContaining({ source: 'shop', because: 'not-kept' }));
		ctx.sources = new Map(ctx.sources).set('shop', honest);
		await again();
		const { certificate } = await standing(code);
		expect(certificate?.version).toBe(1);
		expect(await atTheShop(alice)).toBe(0);
	});

	test('what came since it was kept is kept too, where erasing failed', async () => {
		const honest = shopSource();
		withShop({ erase: async () => Promise.reject(new SourceFailure('shop', 'refused')) });
		const code = await leave(alice);
		expect(await because(code)).toEqual(['refused']);
		await shop.run(
			'insert into orders (customer, id, placed_at, title, amount, due_on) values ($1, $2, $3, $4, $5, $6)',
			...[alice.externalId, 'late', '2026-11-23 10:00:00', 'Emma', 1, '2026-12-01']
		);
		ctx.sources = new Map(ctx.sources).set('shop', honest);
		wait(31);
		await work();
		const { certificate } = await standing(code);
		expect(certificate).toMatchObject({ final: true, kept: [{ category: 'orders', records: 4 }] });
		const entries = (await archive.list(ctx, undefined, 1_000)).filter(({ ground }) => ground === 'books');
		expect(entries.map(({ records }) => records)).toEqual(expect.arrayContaining([3, 4]));
	});

	test('more than one entry of the archive takes is not destroyed', async () => {
		const honest = shopSource();
		withShop({ count: async () => 50_001 });
		expect(await because(await leave(alice))).toEqual(['too-large']);
		expect(await atTheShop(alice)).toBe(4);
		ctx.sources = new Map(ctx.sources).set('shop', honest);
		await again();
		expect(await atTheShop(alice)).toBe(0);
	});

	test('rows of Bob among hers raise the alarm once, and nothing is erased', async () => {
		const honest = shopSource();
		const foreign = { person: bob.externalId, id: 'o9', at: '2026-01-01' };
		withShop({
			page: async (...asked) => [
				...(await honest.page(...asked)),
				...(asked[0] === 'membership' ? [foreign] : [])
			]
		});
		const code = await leave(alice);
		await again();
		expect(await because(code)).toEqual(['foreign']);
		expect([await atTheShop(alice), await atTheShop(bob)]).toEqual([4, 2]);
		expect(logged.filter((one) => 'rows' in one)).toEqual([
			{ source: 'shop', category: 'membership', rows: 1 }
		]);
		ctx.sources = new Map(ctx.sources).set('shop', honest);
		await again();
		expect([await atTheShop(alice), await atTheShop(bob)]).toEqual([0, 2]);
	});

	test('it is asked whether she came back: what she has there since is hers, and staff see to the rest', async () => {
		crm.fault = 'server-error';
		const code = await leave(alice);
		const { externalId, role, language, timeZone, country } = alice;
		const anew = { externalId, role, language, timeZone, country, identifiers: {}, signedUpAnew: true };
		const registered = await register(ctx, anew);
		expect(registered).toHaveProperty('id');
		crm.fault = undefined;
		await again();
		expect(await because(code)).toEqual(['signed-up-anew']);
		expect(atTheDesk(alice)).toBe(1);
		const { caseId } = await standing(code);
		expect(await withdrawal.answered(ctx, caseId, { source: 'crm' })).toEqual({ answered: true });
		wait(31);
		await work();
		const last = await standing(code);
		expect(last).toMatchObject({ state: 'closed', certificate: { final: true } });
		expect(last.sources[0]).toMatchObject({ source: 'crm', state: 'declared' });
		expect(atTheDesk(alice)).toBe(1);
	});

	test('whoever stands in line behind her waits for a shop that hangs for seconds only', async () => {
		const honest = shopSource();
		const asked: (number | undefined)[] = [];
		withShop({
			count: (category, person, within) => {
				asked.push(within?.seconds);
				return honest.count(category, person, within);
			},
			erase: (person, within) => {
				asked.push(within?.seconds);
				return honest.erase(person, within);
			}
		});
		await leave(alice);
		expect(new Set(asked)).toEqual(new Set([15]));
	});

	test('the last letter leaves once, also when the shop was so slow that another process has the case now', async () => {
		const { url, received } = await mailServer();
		ctx.settings.smtpUrl = url;
		const honest = shopSource();
		crm.fault = 'server-error';
		let calls = 0;
		withShop({
			erase: async (person) => {
				calls += 1;
				if (calls === 1) throw new SourceFailure('shop', 'timed-out');
				if (calls === 2) {
					portal.clock.move(after(now(), 6, 'minutes'));
					await caseWork.run(ctx);
				}
				await honest.erase(person);
			}
		});
		await leave(alice);
		closeTransports(ctx.settings);
		expect(calls).toBe(3);
		expect(received.filter(({ raw }) => raw.includes('La mesa de ayuda'))).toHaveLength(1);
	});
});

describe('a case whose key is lost', () => {
	test('stays open while the desk may hold something of her, and staff say when it does not', async () => {
		crm.fault = 'server-error';
		const code = await leave(alice);
		const { caseId } = await standing(code);
		await ctx.caseKeys.destroy(caseId);
		wait(31);
		await work();
		expect(await standing(code)).toMatchObject({
			waitingFor: [{ source: 'crm' }],
			certificate: { final: false }
		});
		expect(await because(code)).toEqual(['key-lost']);
		expect(logged).toContainEqual(expect.objectContaining({ case: caseId, because: 'key-lost' }));
		crm.fault = undefined;
		expect(await withdrawal.answered(ctx, caseId, { source: 'crm' })).toEqual({ answered: true });
		wait(1);
		await work();
		const last = await standing(code);
		expect(last).toMatchObject({ state: 'closed', certificate: { version: 2, final: true } });
		expect(last.sources[0]).toMatchObject({ source: 'crm', state: 'declared' });
	});
});

describe('when an older portal database comes back', () => {
	test('a desk that had still to erase Alice hears of it all the same, and her code still opens how it stands', async () => {
		crm.fault = 'server-error';
		const code = await leave(alice);
		const { caseId, certificate } = await standing(code);
		const key = (await ctx.caseKeys.find(caseId)) as KeyObject;
		const note = (await ctx.caseKeys.notes('', 100)).find((one) => one.caseId === caseId)?.note as Buffer;
		const noted = openSealed<{ farewell: object }>(
			key,
			{ table: 'case_key', column: 'note', row: caseId },
			note
		);
		expect(noted.farewell, 'her address is not in it').not.toHaveProperty('reader');
		const left = await ctx.keys.erasedAt(alice.id);
		wait(3);
		for (const table of ['caseSource', 'caseRecipient', 'certificate'] as const)
			await ctx.db.deleteFrom(table).where('caseId', '=', caseId).execute();
		await ctx.db.deleteFrom('erasureCase').where('id', '=', caseId).execute();
		expect(await notReplayed(ctx)).toBeUndefined();
		expect(await reopen(ctx)).toBe(0);
		await sweepCaseKeys(ctx);
		crm.fault = undefined;
		wait(1);
		await work();
		expect(atTheDesk(alice)).toBe(0);
		wait(31);
		await work();
		const last = await standing(code);
		expect(last).toMatchObject({ state: 'closed', certificate: { version: 2, final: true, erasedAt: left } });
		expect(last.certificate?.kept).toEqual(certificate?.kept);
		expect(last.sources[1]).toMatchObject({ source: 'shop', held: shopHeld });
		expect(last.certificate?.recipients.map(({ partner }) => partner)).toEqual(
			certificate?.recipients.map(({ partner }) => partner)
		);
		expect(await reopen(ctx)).toBe(0);
	});

	test('with the keys of that day, whoever left since is erased in every system outside once more', async () => {
		await noteBroughtBack(ctx, alice.id);
		await ctx.keys.destroy({ personId: alice.id, refuse: [] });
		expect(await reopen(ctx)).toBe(1);
		await work();
		expect([await atTheShop(alice), atTheDesk(alice)]).toEqual([0, 0]);
		expect([await atTheShop(bob), atTheDesk(bob)]).toEqual([2, 1]);
		const before = (await ctx.caseKeys.notes('', 100)).length;
		wait(31);
		await work();
		expect((await ctx.caseKeys.notes('', 100)).length).toBe(before - 1);
		await noteBroughtBack(ctx, alice.id);
		expect((await ctx.caseKeys.notes('', 100)).length).toBe(before - 1);
	});
});

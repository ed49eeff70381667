import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Shop } from '../../../../tests/support/outside-organisation.ts';
import { outsidePortal } from '../../../../tests/support/outside-portal-for-test.ts';
import { alice as somebodyAlice, bob as somebodyBob } from '../../../../tests/support/people.ts';
import type { Fault, SourceServer } from '../../../../tests/support/source-server.ts';
import type { Person } from '../accounts/people.ts';
import type { Context } from '../context.ts';
import * as exports from '../exports/exports.ts';
import { countHeld, ReadingEnded, type Part, type Row } from '../personal-data-contract.ts';
import { addressesOf } from '../platform/sources/addresses.ts';
import { SourceFailure, type Source } from '../platform/sources/source.ts';
import * as staff from '../staff/staff.ts';
import { closeSources, openSources, sourceProblems } from './opening.ts';
import * as sources from './sources.ts';

const outside = outsidePortal();
const { portal } = outside;
let shop: Shop;
let crm: SourceServer;
beforeAll(() => void ({ shop, crm } = outside));

let ctx: Context;
let alice: Person;
let bob: Person;
let sam: staff.Member;
let charlie: staff.Member;

const order = (person: Person, id: string, at: string, title: string, amount: number | string = 5) =>
	shop.run(
		'insert into orders (customer, id, placed_at, title, amount, due_on) values ($1, $2, $3, $4, $5, $6)',
		...[person.externalId, id, at, title, amount, '2026-12-01']
	);

beforeAll(async () => {
	ctx = portal.as();
	crm.secret = ctx.sourceSecrets.crm ?? '';
	alice = await somebodyAlice(ctx);
	bob = await somebodyBob(ctx);
	const password = 'a sentence that is long enough';
	await staff.add(ctx, { id: 'sam', name: 'Sam', role: 'officer', password });
	await staff.add(ctx, { id: 'charlie', name: 'Charlie', role: 'agent', password });
	const members = await staff.list(ctx);
	const memberOf = (id: string) => members.find((one) => one.id === id) as staff.Member;
	[sam, charlie] = [memberOf('sam'), memberOf('charlie')];
});

/** Sources of a test's own: what failed in one says nothing in the next. */
beforeEach(async () => {
	ctx = portal.as();
	const opened = await openSources(ctx, ctx.sourceSecrets, { failures: 3, pauseMilliseconds: 40 });
	ctx = { ...ctx, sources: opened };
	await shop.run('delete from orders');
	await shop.run('delete from members');
	crm.rows.clear();
	crm.rawLines = [];
	crm.fault = undefined;
	crm.sent = 0;
	for (const [n, title] of ['Emma', 'Persuasion', 'Middlemarch'].entries())
		await order(alice, `o${n}`, `2026-0${n + 1}-01 10:00:00`, title, '12.50');
	await order(bob, 'b1', '2026-05-01 10:00:00', 'Ulysses');
	await shop.run(
		'insert into members (customer, nickname, joined_on) values ($1, $2, $3)',
		...[alice.externalId, 'Ali', '2020-02-03']
	);
	crm.rows.set(`${alice.externalId}/tickets`, [
		{ person: alice.externalId, id: 't1', at: '2026-03-01T08:00:00Z', subject: 'Late', photo: 'in/t1.png' },
		{ person: alice.externalId, id: 't2', at: '2026-04-01T08:00:00Z', subject: '잃어버린 책 📚' }
	]);
	crm.files.set(`${alice.externalId}/in/t1.png`, Buffer.from('a picture'));
});
afterEach(() => closeSources(ctx.sources));

const partsOf = async (person: Person, ...categories: string[]): Promise<Part[]> => {
	const parts: Part[] = [];
	for (const contract of ctx.contracts.filter(({ outside }) => outside))
		parts.push(...(await contract.collect(ctx, person.id, new Set(categories))));
	return parts;
};

const rejecting = (error: Error): AsyncIterable<never> => ({
	[Symbol.asyncIterator]: () => ({ next: () => Promise.reject(error) })
});

async function readAll(part: Part): Promise<{ rows: Row[]; ended?: string }> {
	const rows: Row[] = [];
	try {
		for await (const page of part.pages()) rows.push(...page);
		return { rows };
	} catch (error) {
		if (error instanceof ReadingEnded) return { rows, ended: error.reason };
		throw error;
	}
}

const counted = async (person: Person, ...categories: string[]) =>
	(await countHeld(ctx, person.id)).filter(({ category }) => categories.includes(category));

describe('what lies outside', () => {
	test('is counted, read and said with its source; nobody else’s comes along', async () => {
		expect(await counted(alice, 'orders', 'membership', 'tickets')).toEqual([
			{ category: 'orders', records: 3 },
			{ category: 'membership', records: 1 },
			{ category: 'tickets', records: 2 }
		]);
		const [orders, tickets] = (await partsOf(alice, 'orders', 'tickets')) as [Part, Part];
		expect(orders).toMatchObject({ source: 'shop', expected: 3, path: 'data/orders' });
		expect((await readAll(orders)).rows).toEqual([
			{
				id: 'o2',
				at: '2026-03-01T10:00:00.000Z',
				title: 'Middlemarch',
				amount: 12.5,
				dueOn: '2026-12-01',
				origin: 'desk'
			},
			{
				id: 'o1',
				at: '2026-02-01T10:00:00.000Z',
				title: 'Persuasion',
				amount: 12.5,
				dueOn: '2026-12-01',
				origin: 'desk'
			},
			{
				id: 'o0',
				at: '2026-01-01T10:00:00.000Z',
				title: 'Emma',
				amount: 12.5,
				dueOn: '2026-12-01',
				origin: 'desk'
			}
		]);
		expect((await readAll(tickets)).rows.map(({ subject }) => subject)).toEqual(['잃어버린 책 📚', 'Late']);
		expect(orders.leftOut?.().size).toBe(0);
		expect(await partsOf(bob, 'tickets')).toEqual([]);
	});

	test('comes in as what each field is, whatever way the engine writes it', async () => {
		const many = Array.from({ length: 130 }, (_, n) => `entry ${n}`);
		const held = {
			...{
				note: 'One line\nand one more',
				tags: ['one, "two"', '[three'],
				seenAt: '2026-02-01T08:30:00.000Z'
			},
			...{ mail: 'ana@example.com', phone: '+34612345678', site: 'https://example.com/a' },
			...{ cover: 'in/a.png', shelf: 'upper', land: 'ES', tongue: 'ko', zone: 'Asia/Seoul' }
		};
		const columns = 'note, tags, seen_at, mail, phone, site, cover, shelf, land, tongue, zone';
		const insert = (id: string, at: string, amount: string, values: Record<string, unknown>) =>
			shop.run(
				`insert into orders (customer, id, placed_at, amount, ${columns}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`,
				...[alice.externalId, id, at, amount, ...Object.values(values)]
			);
		const written = { ...held, tags: JSON.stringify(held.tags), seenAt: '2026-02-01 08:30:00' };
		await insert('typed', '2026-06-02', '12.500000000000', written);
		await insert('long', '2026-06-01', '-3', { ...written, tags: JSON.stringify(many), mail: '' });
		const [orders] = (await partsOf(alice, 'orders')) as [Part];
		const { rows } = await readAll(orders);
		expect(rows[0]).toMatchObject({ ...held, id: 'typed', amount: 12.5 });
		expect(rows[1]).toMatchObject({ id: 'long', amount: -3, tags: many });
		expect(orders.leftOut?.().size).toBe(0);
		expect(await sources.find(ctx, alice, 'orders', 'typed')).toMatchObject({ fields: held });
	});

	test('comes along although nothing is counted of it; what is not there has no part', async () => {
		const own = ctx.sources.get('shop') as Source;
		const wrong: Source = { ...own, resting: false, count: async () => 0 };
		ctx = { ...ctx, sources: new Map([...ctx.sources, ['shop', wrong]]) };
		const [orders] = (await partsOf(alice, 'orders')) as [Part];
		expect((await readAll(orders)).rows).toHaveLength(3);
		expect(await partsOf(bob, 'membership')).toEqual([]);
	});

	test('brings its pictures along, and says which are gone', async () => {
		const [tickets] = (await partsOf(alice, 'tickets')) as [Part];
		const [file] = await Array.fromAsync(tickets.files?.() ?? []);
		expect(file).toMatchObject({
			path: 'tickets/t1-photo.png',
			mediaType: 'image/png',
			written: 'in/t1.png'
		});
		expect(Buffer.concat(await Array.fromAsync(file?.open() ?? []))).toEqual(Buffer.from('a picture'));
		crm.files.clear();
		await expect(Array.fromAsync(file?.open() ?? [])).rejects.toMatchObject({ reason: 'gone' });
	});

	test('brings pictures of ids that differ by large letters alone under names that do not', async () => {
		const ids = ['t1', 'T1', 'ab', 'aB', 'Ab', 'AB', 'a~', 'a:'];
		const person = alice.externalId;
		crm.rows.set(
			`${person}/tickets`,
			ids.map((id) => ({ person, id, at: '2026-03-01T08:00:00Z', photo: 'in/t1.png' }))
		);
		const [tickets] = (await partsOf(alice, 'tickets')) as [Part];
		const paths = (await Array.fromAsync(tickets.files?.() ?? [])).map(({ path }) => path);
		expect(paths).toContain('tickets/t1-photo.png');
		expect(paths).toContain('tickets/T1-photo~1.png');
		expect(new Set(paths.map((path) => path.toLowerCase())).size).toBe(ids.length);
	});

	test('is turned over a page at a time, there and back', async () => {
		for (const category of ['orders', 'tickets'] as const) {
			const first = await sources.page(ctx, alice, category, { limit: 1 });
			if ('refused' in first) throw new Error(first.refused);
			expect(first).toMatchObject({ records: [{ id: category === 'orders' ? 'o2' : 't2' }], leftOut: 0 });
			expect(first.newer).toBeUndefined();
			const second = await sources.page(ctx, alice, category, { before: first.older, limit: 1 });
			if ('refused' in second) throw new Error(second.refused);
			expect(second.records).toMatchObject([{ id: category === 'orders' ? 'o1' : 't1' }]);
			expect(await sources.page(ctx, alice, category, { after: second.newer, limit: 1 })).toMatchObject({
				records: first.records
			});
		}
		expect(await sources.page(ctx, alice, 'orders', { before: "x' or 1=1/y", limit: 5 })).toMatchObject({
			records: [{ id: 'o2' }, { id: 'o1' }, { id: 'o0' }]
		});
	});

	test('is edited where it lies, and only by fields that are described', async () => {
		const title = { category: 'orders', record: 'o1', field: 'title', value: "O'Brien; drop table orders" };
		expect(await sources.edit(ctx, alice, title)).toEqual({ edited: true });
		expect(await sources.find(ctx, alice, 'orders', 'o1')).toMatchObject({ fields: { title: title.value } });
		expect(await sources.edit(ctx, bob, { ...title, record: 'o0' })).toEqual({
			problem: { code: 'unknown' }
		});
		expect(await sources.edit(ctx, alice, { ...title, field: 'amount' })).toEqual({
			problem: { code: 'unknown' }
		});
		expect(
			await sources.edit(ctx, alice, { category: 'tickets', record: 't1', field: 'subject', value: 'Found' })
		).toEqual({ edited: true });
		expect(await sources.find(ctx, alice, 'tickets', 't1')).toMatchObject({ fields: { subject: 'Found' } });
		expect(
			await sources.edit(ctx, alice, { category: 'membership', field: 'nickname', value: null })
		).toEqual({ edited: true });
		expect(await sources.profileRow(ctx, alice, 'membership')).toMatchObject({
			fields: { joinedOn: '2020-02-03' }
		});
	});

	test.each(['shop', 'crm'])(
		'is restricted, planted and erased in %s, twice where it must be',
		async (id) => {
			const source = ctx.sources.get(id) as Source;
			const category = id === 'shop' ? 'membership' : 'tickets';
			for (const on of [false, true]) await source.restrict(alice.externalId, on);
			if (id === 'crm') expect(crm.restricted.get(alice.externalId)).toBe(true);
			else {
				const [member] = await shop.run('select restricted from members');
				expect(Boolean(member?.restricted)).toBe(true);
			}
			for (let time = 0; time < 2; time += 1) await source.erase(alice.externalId);
			expect(await source.count(category, alice.externalId)).toBe(0);
			await source.plant('canary-7');
			expect(await source.count(category, 'canary-7')).toBe(1);
			await source.erase('canary-7');
			if (id === 'shop') expect(await source.count('orders', bob.externalId)).toBe(1);
		}
	);
});

describe('a source that misbehaves', () => {
	test.each<[Fault, string]>([
		['hang', 'source-failed'],
		['refuse', 'source-failed'],
		['redirect', 'source-failed'],
		['server-error', 'source-failed'],
		['dies-in-a-row', 'source-failed'],
		['no-end', 'source-failed'],
		['wrong-count', 'source-failed'],
		['packed', 'source-failed'],
		['ten-gigabytes', 'over-budget'],
		['endless-line', 'over-budget']
	])('%s: ends its own part, and no other one', async (fault, reason) => {
		const source = ctx.sources.get('crm') as Source;
		const impatient: Source = {
			...source,
			read: (category, person, within) => source.read(category, person, { ...within, seconds: 0.3 }),
			count: (category, person) => source.count(category, person, { seconds: 0.1 })
		};
		ctx = { ...ctx, sources: new Map([...ctx.sources, ['crm', impatient]]) };
		if (fault === 'ten-gigabytes' || fault === 'endless-line')
			ctx = { ...ctx, sources: new Map([...ctx.sources, ['crm', source]]) };
		crm.fault = fault;
		const before = process.memoryUsage().rss;
		const [orders, tickets] = (await partsOf(alice, 'orders', 'tickets')) as [Part, Part];
		expect((await readAll(tickets)).ended).toBe(reason);
		expect(await readAll(orders)).toMatchObject({ rows: { length: 3 } });
		expect(crm.sent).toBeLessThan(64e6);
		expect(process.memoryUsage().rss - before).toBeLessThan(150e6);
	});

	test('hangs: it is not asked again at once, and whoever wants no more waits no longer', async () => {
		const [tickets] = (await partsOf(alice, 'tickets')) as [Part];
		crm.fault = 'hang';
		const enough = new Error('nobody wants it any more');
		await expect(Array.fromAsync(tickets.pages(AbortSignal.abort(enough)))).rejects.toBe(enough);
		const ending = new AbortController();
		setTimeout(() => ending.abort(enough), 20);
		await expect(Array.fromAsync(tickets.pages(ending.signal))).rejects.toBe(enough);
		const source = ctx.sources.get('crm') as Source;
		const timedOut = new SourceFailure('crm', 'timed-out');
		const slow = { ...source, read: () => rejecting(timedOut) } as Source;
		ctx = { ...ctx, sources: new Map([...ctx.sources, ['crm', slow]]) };
		crm.fault = undefined;
		const [again] = (await partsOf(alice, 'tickets')) as [Part];
		await expect(Array.fromAsync(again?.pages() ?? [])).rejects.toMatchObject({ again: false });
	});

	// Each gives a source five seconds, and nobody would ask a second time.
	test.each(['count', 'file'] as const)(
		'hangs at its %s: whoever cancels an export waits no longer',
		async (asked) => {
			const source = ctx.sources.get('crm') as Source;
			const enough = new Error('nobody wants it any more');
			const ending = new AbortController();
			let endedAt = 0;
			const hang = () => {
				crm.fault = 'hang';
				setTimeout(() => {
					endedAt = performance.now();
					ending.abort(enough);
				}, 50);
			};
			const hanging: Source = {
				...source,
				count: (...given) => {
					if (asked === 'count') hang();
					return source.count(...given);
				},
				file: (...given) => {
					hang();
					return source.file(...given);
				}
			};
			ctx = { ...ctx, sources: new Map([...ctx.sources, ['crm', hanging]]) };
			const exportId = ctx.ids.next();
			const path = exports.pathOf(ctx, alice.id, exportId);
			const job = { personId: alice.id, exportId, path, categories: ['tickets'] };
			const watch = { signal: ending.signal, tell: () => undefined };
			const built = exports.build(ctx, { ...job, language: 'en', timeZone: 'UTC' }, watch);
			await expect(built).rejects.toBe(enough);
			expect(performance.now() - endedAt).toBeLessThan(2_000);
		}
	);

	test('hangs: an export that reads another one does not wait for it', async () => {
		crm.fault = 'hang';
		const thread = exports.threadOf(ctx.settings);
		const jobOf = ({ id: personId }: Person, category: string) => {
			const exportId = ctx.ids.next();
			const path = exports.pathOf(ctx, personId, exportId);
			return { personId, exportId, path, categories: [category], language: 'en', timeZone: 'UTC' };
		};
		const ending = new AbortController();
		const enough = new Error('nobody wants it any more');
		let isOver = false;
		const hanging = thread.build(ctx, jobOf(alice, 'tickets'), { signal: ending.signal });
		const over = hanging.catch((error: unknown) => error).finally(() => (isOver = true));
		const quick = await thread.build(ctx, jobOf(bob, 'orders'));
		expect([quick.records, isOver]).toEqual([1, false]);
		ending.abort(enough);
		expect(await over).toBe(enough);
		await thread.stop();
	});

	test('dies in the middle of a row: what came before stands', async () => {
		crm.fault = 'dies-in-a-row';
		const [tickets] = (await partsOf(alice, 'tickets')) as [Part];
		expect(await readAll(tickets)).toMatchObject({
			rows: [{ id: 't2' }, { id: 't1' }],
			ended: 'source-failed'
		});
	});

	test('gives rows of somebody else: they are shown to nobody, and staff are told', async () => {
		const told = async () =>
			((await sources.standings(ctx, sam)) as sources.Standing[])[1]?.foreign ?? { rows: 0 };
		const before = (await told()).rows;
		const log = { ...ctx.log, error: vi.fn() };
		ctx = { ...ctx, log };
		crm.rows.get(`${alice.externalId}/tickets`)?.push({
			...{ person: bob.externalId, id: 't9', at: '2026-05-01T00:00:00Z', subject: 'Bob’s own' }
		});
		const [tickets] = (await partsOf(alice, 'tickets')) as [Part];
		expect((await readAll(tickets)).rows.map(({ id }) => id)).toEqual(['t2', 't1']);
		expect(tickets.leftOut?.()).toEqual(new Map([['foreign', 1]]));
		expect(await sources.page(ctx, alice, 'tickets', { limit: 5 })).toMatchObject({
			records: [{ id: 't2' }, { id: 't1' }],
			leftOut: 1
		});
		expect(JSON.stringify(log.error.mock.calls)).not.toContain('Bob');
		expect(await told()).toMatchObject({ category: 'tickets', rows: before + 2 });
	});

	test('gives a page with a line that nobody can read: it is counted, and what is older stays in reach', async () => {
		crm.rawLines = [Buffer.from('{"person":"broken'), Buffer.from('[]')];
		const first = await sources.page(ctx, alice, 'tickets', { limit: 3 });
		expect(first).toMatchObject({ records: [{ id: 't2' }, { id: 't1' }], leftOut: 2 });
		expect(first).toHaveProperty('older', '2026-03-01T08:00:00Z/t1');
		expect(await sources.profileRow(ctx, alice, 'tickets')).toMatchObject({ id: 't2' });
		crm.rawLines = [Buffer.from('{"person":"broken')];
		crm.rows.clear();
		const unavailable = { refused: 'source-unavailable' };
		expect(await sources.find(ctx, alice, 'tickets', 't1')).toEqual(unavailable);
	});

	test('gives a page that ends with somebody else’s row: no link leads there', async () => {
		const foreign = { person: bob.externalId, id: 'bobs-own', at: '2026-03-15T00:00:00Z' };
		crm.rows.get(`${alice.externalId}/tickets`)?.push(foreign);
		const first = await sources.page(ctx, alice, 'tickets', { limit: 2 });
		expect(first).toMatchObject({ records: [{ id: 't2' }], leftOut: 1, older: '2026-04-01T08:00:00Z/t2' });
		const back = await sources.page(ctx, alice, 'tickets', { before: '2026-04-01T08:00:00Z/t2', limit: 2 });
		expect(back).toMatchObject({ records: [{ id: 't1' }], newer: '2026-03-01T08:00:00Z/t1' });
		expect(await sources.find(ctx, alice, 'tickets', 'bobs-own')).toEqual({ refused: 'source-unavailable' });
	});

	test('gives what is no text, the same id twice, wrong types: each is counted, the rest comes', async () => {
		const person = alice.externalId;
		crm.rawLines = [
			Buffer.from([0x7b, 0xff, 0xfe, 0x7d]),
			Buffer.from('[1,2]'),
			Buffer.from(JSON.stringify({ person, id: 't1', at: '2026-06-01', subject: 'Twice' })),
			Buffer.from(JSON.stringify({ person, id: 't3', at: '2026-06-01', subject: 42 })),
			Buffer.from(JSON.stringify({ person, id: 't4', at: 'yesterday', subject: 'No instant' })),
			Buffer.from(JSON.stringify({ person, id: 't5', at: '2026-06-01', subject: 'x', secret: 'undescribed' }))
		];
		const [tickets] = (await partsOf(alice, 'tickets')) as [Part];
		const { rows, ended } = await readAll(tickets);
		expect(ended).toBeUndefined();
		expect(rows.map(({ id, subject }) => [id, subject])).toEqual([
			['t1', 'Twice'],
			['t3', undefined],
			['t5', 'x'],
			['t2', '잃어버린 책 📚']
		]);
		expect(tickets.leftOut?.()).toEqual(
			new Map([
				['unreadable', 2],
				['wrong-shape', 3],
				['duplicate', 1]
			])
		);
	});

	test('holds up no page: its number is missing, and the others’ stand', async () => {
		crm.fault = 'refuse';
		expect(await counted(alice, 'orders', 'tickets')).toEqual([
			{ category: 'orders', records: 3 },
			{ category: 'tickets', records: 0, unanswered: 'source-failed' }
		]);
		expect(await sources.page(ctx, alice, 'tickets', { limit: 5 })).toEqual({
			refused: 'source-unavailable'
		});
		expect(await sources.find(ctx, alice, 'tickets', 't1')).toEqual({ refused: 'source-unavailable' });
		expect(
			await sources.edit(ctx, alice, { category: 'tickets', record: 't1', field: 'subject', value: 'x' })
		).toEqual({ refused: 'source-unavailable' });
	});

	test('is left alone after it failed too often, and asked again after a pause', async () => {
		const source = ctx.sources.get('crm') as Source;
		crm.fault = 'server-error';
		const code = () => source.count('tickets', alice.externalId).catch((error: SourceFailure) => error.code);
		for (let time = 0; time < 3; time += 1) expect(await code()).toBe('unreachable');
		const calls = crm.calls.length;
		expect(await code()).toBe('resting');
		expect([source.resting, crm.calls.length]).toEqual([true, calls]);
		crm.fault = undefined;
		await vi.waitFor(async () => expect(await code()).toBe(2), { interval: 20 });
		expect(source.resting).toBe(false);
	});
});

describe('the switch', () => {
	test('stops every call at once, in other processes too, until it is on again', async () => {
		const elsewhere = await openSources(portal.as(), ctx.sourceSecrets);
		const off = { source: 'crm', reason: 'It gave wrong rows.' };
		expect(await sources.switchOff(ctx, sam, off)).toEqual({ switched: true });
		const calls = crm.calls.length;
		await expect(elsewhere.get('crm')?.count('tickets', alice.externalId)).rejects.toMatchObject({
			code: 'off'
		});
		const [tickets] = (await partsOf(alice, 'tickets')) as [Part];
		expect(await readAll(tickets)).toEqual({ rows: [], ended: 'source-off' });
		expect(crm.calls.length).toBe(calls);
		const [, standing] = (await sources.standings(ctx, sam)) as sources.Standing[];
		expect(standing?.off).toMatchObject({ by: 'sam', because: off.reason });
		await sources.switchOn(ctx, sam, 'crm');
		const noted = (await staff.readLog(ctx, { staffId: 'sam' })).map(({ kind }) => kind);
		expect(noted.slice(0, 2)).toEqual(['source-on:crm', 'source-off:crm']);
		expect(await elsewhere.get('crm')?.count('tickets', alice.externalId)).toBe(2);
		const [, on] = (await sources.standings(ctx, sam)) as sources.Standing[];
		expect(on).toMatchObject({ wasOff: { by: 'sam', because: off.reason } });
		expect(on?.off).toBeUndefined();
		await closeSources(elsewhere);
	});

	test('takes a reason, and nobody but who may', async () => {
		expect(await sources.switchOff(ctx, sam, { source: 'crm', reason: ' ' })).toEqual({
			problems: { reason: { code: 'required' } }
		});
		expect(await sources.switchOff(ctx, sam, { source: 'x', reason: 'y' })).toEqual({
			refused: 'source-unknown'
		});
		const refused = { refused: 'not-permitted' };
		expect(await sources.switchOff(ctx, charlie, { source: 'crm', reason: 'y' })).toEqual(refused);
		expect(await sources.switchOn(ctx, charlie, 'crm')).toEqual(refused);
		expect(await sources.standings(ctx, charlie)).toEqual(refused);
	});
});

test('staff see what each can do, when it last did it, and how it last failed', async () => {
	await ctx.sources.get('shop')?.count('orders', alice.externalId);
	crm.fault = 'server-error';
	await ctx.sources
		.get('crm')
		?.erase('nobody')
		.catch(() => undefined);
	await sources.proved(ctx, 'crm', 'erase');
	await vi.waitFor(async () => {
		const [first, second] = (await sources.standings(ctx, sam)) as sources.Standing[];
		expect(first?.abilities).toContainEqual({
			ability: 'read',
			can: true,
			proofs: [{ by: 'use', at: '2026-11-22T09:00:00.000Z' }]
		});
		expect(second?.failed).toMatchObject({ what: 'erase', failure: 'unreachable 503' });
		expect(second?.abilities.find(({ ability }) => ability === 'erase')?.proofs).toContainEqual({
			...{ by: 'canary', at: '2026-11-22T09:00:00.000Z' }
		});
	});
});

test('a call that can not even be written is refused with a code, by each verb', async () => {
	const source = ctx.sources.get('crm') as Source;
	const refused = { name: 'SourceFailure', code: 'refused' };
	await expect(source.erase('..')).rejects.toMatchObject(refused);
	await expect(source.count('tickets', '.')).rejects.toMatchObject(refused);
	await expect(Array.fromAsync(source.read('tickets', '..'))).rejects.toMatchObject(refused);
});

test('a password with a bare percent sign is no address; one that is encoded is', () => {
	for (const kind of ['mysql', 'postgres', 'https']) {
		expect(addressesOf(`shop=${kind}://candor:50%off@db/shop`)).toBeUndefined();
		expect(addressesOf(`shop=${kind}://candor:50%25off@db/shop`)).toHaveProperty('shop');
	}
});

test('a source without an address, and an address without a source, stop the start with a line each', () => {
	const { organisation, settings } = ctx;
	const told = (addresses: Record<string, string>) =>
		sourceProblems({ organisation, settings: { ...settings, sources: addresses } });
	expect(told({ shop: 'sqlite:x', crm: 'https://x.example.com' })).toBeUndefined();
	expect(told({ crm: 'sqlite:x', books: 'sqlite:y' })).toMatchObject([
		expect.stringContaining('shop, which has no address'),
		expect.stringContaining('crm is not one of a source of the kind http'),
		expect.stringContaining('no source of the description is called books')
	]);
});

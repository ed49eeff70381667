import { createHash } from 'node:crypto';
import { beforeAll, beforeEach, expect, test } from 'vitest';
import { as, charlie, mina, somebody } from '../../../../../../tests/support/people.ts';
import { portalForTest } from '../../../../../../tests/support/portal-for-test.ts';
import { translationIn } from '../../../../../lib/i18n/catalogues.ts';
import { setGuardians, type Person } from '../../../../../lib/server/accounts/accounts.ts';
import * as audit from '../../../../../lib/server/audit/audit.ts';
import type { Context } from '../../../../../lib/server/context.ts';
import * as exports from '../../../../../lib/server/exports/exports.ts';
import { insertVolumes } from '../../../../../lib/server/exports/queries.ts';
import type { Part, PersonalDataContract } from '../../../../../lib/server/personal-data-contract.ts';
import { actions, load } from './+page.server';
import { GET } from './[id]/+server';

const portal = portalForTest({ description: 'examples/classting' });
const provedAt = '2026-11-22T08:59:00.000Z';

let parent: Person;
let child: Person;

// The first export of a process starts its threads.
beforeAll(async () => {
	const ctx = portal.as();
	parent = await somebody(ctx, { country: 'KR', name: 'parent', role: 'parent' });
	child = await mina(ctx, { country: 'KR', guardianIds: [parent.id] });
	await ordered(ctx);
}, 120_000);

beforeEach(() => setGuardians(portal.as(), child.id, [parent.id]));

async function ordered(ctx: Context): Promise<exports.Export> {
	const choice = { categories: [], language: 'en', sessionId: 'the-child' };
	const made = await exports.order(as(ctx, child), child, choice, 60_000);
	if ('refused' in made) throw new Error(made.refused);
	return made;
}

const rows = Array.from({ length: 600 }, (_, number) => ({
	id: `row-${number}`,
	name: createHash('sha256').update(String(number)).digest('base64')
}));

const visits: Part = {
	...{ path: 'data/visits', category: 'visits', source: 'portal', shape: 'table', expected: rows.length },
	fields: ['id', 'name'].map((id) => ({ id, type: 'text', label: `data:column.${id}` })),
	async *pages() {
		for (let at = 0; at < rows.length; at += 100) yield rows.slice(at, at + 100);
	}
};

const keeper: PersonalDataContract = {
	...{ id: 'invented', tables: [], count: async () => [], collect: async () => [visits] },
	...{ restrict: async () => undefined, keep: async () => [] },
	erase: async () => ({ destroyed: 0, done: true })
};

/** A child's export of several files which lacks something. */
async function partial(): Promise<{ id: string; last: number }> {
	const ctx = portal.as();
	const { id } = await ordered(ctx);
	const path = exports.pathOf(ctx, child.id, id);
	const job = { personId: child.id, exportId: id, categories: undefined, language: 'en', path };
	const { volumes } = await exports.build(
		{ ...ctx, contracts: [keeper] },
		{ ...job, timeZone: 'Asia/Seoul', volumeBytes: 12_000 }
	);
	await ctx.db.deleteFrom('exportVolume').where('exportId', '=', id).execute();
	await insertVolumes(
		ctx,
		volumes.map((volume) => ({ personId: child.id, exportId: id, ...volume }))
	);
	const lacking = { path: 'activity', category: 'portal.activity', source: 'portal', included: 3 };
	const missing = JSON.stringify([{ ...lacking, expected: 5, reasons: { 'source-failed': 2 } }]);
	await ctx.db.updateTable('export').set({ complete: 0, missing }).where('id', '=', id).execute();
	return { id, last: volumes.length };
}

interface Asked {
	ward?: Person;
	form?: Record<string, string>;
	range?: string;
	proved?: boolean;
}

/** A request of a guardian's page, by whoever it is. */
function asked(person: Person, path: string, { ward = child, form, range, proved = true }: Asked = {}) {
	const url = new URL(path, `http://localhost/family/${ward.id}/`);
	const translation = translationIn('en', 'Asia/Seoul');
	const session = { id: `session-of-${person.id}`, provedAt: proved ? provedAt : null };
	const locals = { ctx: as(portal.as(), person), person, session, translation };
	const params = { child: ward.id, id: url.pathname.split('/')[4] };
	const request = new Request(url, {
		...(range && { headers: { range } }),
		...(form && { method: 'POST', body: new URLSearchParams(form) })
	});
	return { locals, params, url, request } as never;
}

type Shown = Exclude<Awaited<ReturnType<typeof load>>, void>;

const shown = async (person: Person, given?: Asked) => (await load(asked(person, 'export', given))) as Shown;
const act = (person: Person, form: Record<string, string>, given?: Asked) =>
	actions.default(asked(person, 'export', { ...given, form }));
const download = (person: Person, address: string, range?: string) =>
	GET(asked(person, address, range === undefined ? {} : { range })) as Promise<Response>;
const bytesOf = async (response: Response) => Buffer.from(await response.arrayBuffer());

test('a guardian sees every file of a child’s export and what it lacks, and resumes any of them', async () => {
	const { id, last } = await partial();
	expect(last).toBeGreaterThan(1);
	const [made] = (await shown(parent)).exports;
	expect(made).toMatchObject({ id, state: 'ready', complete: false, completedBy: undefined });
	expect(made?.missing.join()).toContain('3 of 5');
	expect(made?.files.map(({ href }) => href).slice(0, 2)).toEqual([
		`/family/${child.id}/export/${id}`,
		`/family/${child.id}/export/${id}?volume=2`
	]);
	expect(made?.files).toHaveLength(last);
	for (const { href, bytes, sha256 } of made?.files ?? []) {
		const whole = await bytesOf(await download(parent, href));
		expect([whole.length, createHash('sha256').update(whole).digest('hex')]).toEqual([bytes, sha256]);
		const rest = await download(parent, href, 'bytes=1000-');
		expect([rest.status, rest.headers.get('content-range')]).toEqual([
			206,
			`bytes 1000-${bytes - 1}/${bytes}`
		]);
		expect((await bytesOf(rest)).equals(whole.subarray(1000))).toBe(true);
	}
	const none = download(parent, `export/${id}?volume=${last + 1}`);
	await expect(none).rejects.toMatchObject({ status: 404 });
});

test('a guardian fetches what a child’s export lacks, once, after a proof, and both read that they did', async () => {
	const { id } = await partial();
	const form = { intent: 'top-up', export: id };
	await expect(act(parent, form, { proved: false })).rejects.toMatchObject({
		status: 303,
		location: expect.stringMatching(/^\/security\/prove/) as string
	});
	await expect(act(parent, form)).rejects.toMatchObject({
		status: 303,
		location: `/family/${child.id}/export?done=export`
	});
	const { exports: all } = await shown(parent);
	expect(all[0]).toMatchObject({ completes: id, state: 'ready', complete: true });
	expect(all[1]).toMatchObject({ id, completedBy: all[0]?.id, completedOn: all[0]?.createdAt });
	const kindsOf = async (person: Person) =>
		(await audit.page(portal.as(), person.id, undefined, 20)).map(({ kind }) => kind);
	expect(await kindsOf(parent)).toContain('family-acted-export');
	expect(await kindsOf(child)).toContain('export-topped-up');
	expect(await act(parent, form)).toMatchObject({ status: 409, data: { refused: 'nothing-missing' } });
});

test('nobody but a guardian sees, fetches or orders anything, nor one whose right has ended', async () => {
	const ctx = portal.as();
	const { id } = await partial();
	const stranger = await charlie(ctx, { country: 'KR', role: 'parent' });
	const teacher = await somebody(ctx, { country: 'KR', role: 'teacher' });
	const own = await mina(ctx, { country: 'KR', guardianIds: [stranger.id] });
	const before = await exports.list(ctx, child.id);
	const topUp = { intent: 'top-up', export: id };
	const hidden = async (person: Person) => {
		const nothing = { status: 404 };
		await expect(shown(person)).rejects.toMatchObject(nothing);
		await expect(act(person, topUp)).rejects.toMatchObject(nothing);
		await expect(act(person, {})).rejects.toMatchObject(nothing);
		await expect(download(person, `export/${id}?volume=2`)).rejects.toMatchObject(nothing);
	};
	await hidden(stranger);
	// What is another child's is not reached by way of one's own.
	const elsewhere = { ward: own };
	expect((await shown(stranger, elsewhere)).exports).toEqual([]);
	expect(await act(stranger, topUp, elsewhere)).toMatchObject({ data: { refused: 'export-unknown' } });
	await expect(GET(asked(stranger, `export/${id}`, elsewhere))).rejects.toMatchObject({ status: 404 });
	await setGuardians(ctx, child.id, [parent.id, teacher.id]);
	await hidden(teacher);

	expect((await download(parent, `export/${id}?volume=2`)).status).toBe(200);
	await setGuardians(ctx, child.id, []);
	await hidden(parent);
	await setGuardians(ctx, child.id, [parent.id]);
	portal.clock.move('2040-06-02T09:00:00.000Z');
	await hidden(parent);
	portal.clock.move('2026-11-22T09:00:00.000Z');
	expect(await exports.list(ctx, child.id)).toEqual(before);
});

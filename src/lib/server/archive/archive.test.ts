import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { archiveIdentity, portalForTest } from '../../../../tests/support/portal-for-test.ts';
import type { Kept } from '../personal-data-contract.ts';
import { after } from '../platform/clock.ts';
import { derive } from '../platform/keys/derive.ts';
import { workOnce } from '../platform/work/work.ts';
import * as archive from './archive.ts';

const portal = portalForTest();
const start = '2026-11-22T09:00:00.000Z';
const leaver = { id: '0193-alice', externalId: 'alice-1', lockedAt: start };
const rows = [{ subject: 'needle-계약' }, { subject: 'another' }];
const kept: Kept = {
	category: 'agreements',
	records: rows.length,
	ground: 'contracts',
	law: { en: 'A law' },
	what: { en: 'Contracts' },
	until: '2031-11-22',
	async *pages() {
		for (const row of rows) yield [row];
	}
};
beforeAll(async () => void (await portal.as().keys.birth(leaver.id)));

const entryOf = async () => (await archive.list(portal.as(), undefined, 10))[0] as archive.ArchiveEntry;

const hasAge = spawnSync('age', ['--version']).status === 0;

test.skipIf(!hasAge)(
	`the officer opens an entry with plain age${hasAge ? '' : ' (no age on this machine)'}`,
	async () => {
		const folder = mkdtempSync(join(tmpdir(), 'candor-age-'));
		try {
			await archive.keep(portal.as(), leaver, [kept]);
			const file = await archive.ageFile(portal.as(), (await entryOf()).id);
			const [sealed, identity] = [join(folder, 'entry.age'), join(folder, 'identity.txt')];
			writeFileSync(sealed, 'content' in file ? file.content : '');
			writeFileSync(identity, `${archiveIdentity}\n`);
			const opened = execFileSync('age', ['-d', '-i', identity, sealed], { encoding: 'utf8' });
			expect(JSON.parse(opened)).toMatchObject({
				format: 'candor-archive/1',
				person: { externalId: 'alice-1' },
				endsOn: '2031-11-22',
				categories: { agreements: rows }
			});

			const stranger = join(folder, 'stranger.txt');
			execFileSync('age-keygen', ['-o', stranger], { stdio: 'ignore' });
			expect(spawnSync('age', ['-d', '-i', stranger, sealed]).status).not.toBe(0);
		} finally {
			rmSync(folder, { recursive: true, force: true });
		}
	}
);

test('what is sealed twice is there once, and names nobody outside the seal', async () => {
	await archive.keep(portal.as(), leaver, [kept]);
	await archive.keep(portal.as(), leaver, [kept]);
	const entries = await archive.list(portal.as(), undefined, 10);
	expect(entries).toHaveLength(1);
	expect(entries[0]).toMatchObject({ ground: 'contracts', records: 2, endsOn: '2031-11-22' });
	const file = await archive.ageFile(portal.as(), (await entryOf()).id);
	for (const needle of ['alice-1', '0193-alice', 'needle'])
		expect(
			JSON.stringify(entries) + ('content' in file ? file.content.toString('latin1') : '')
		).not.toContain(needle);
});

test('of a system outside what is read again is kept again, also when it is as much in all', async () => {
	const outside = { source: 'shop', key: await portal.as().keys.of(leaver.id) };
	const shared = { ...kept, until: '2040-01-01' };
	const count = async () =>
		(await archive.list(portal.as(), undefined, 100)).filter(({ endsOn }) => endsOn === shared.until).length;
	const keepAgain = (agreements: number, invoices: number) =>
		archive.keep(portal.as(), { ...leaver, outside }, [
			{ ...shared, records: agreements },
			{ ...shared, category: 'invoices', records: invoices }
		]);
	for (let time = 0; time < 2; time += 1) await keepAgain(3, 2);
	expect(await count()).toBe(1);
	await keepAgain(2, 3);
	expect(await count()).toBe(2);
});

test('an operator sees every entry, however many pages there are', async () => {
	for (const until of ['2032-01-01', '2033-01-01', '2034-01-01', '2035-01-01'])
		await archive.keep(portal.as(), leaver, [{ ...kept, until }]);
	const ids = (await Array.fromAsync(archive.pages(portal.as(), 2))).flat().map(({ id }) => id);
	expect(ids.length).toBeGreaterThanOrEqual(4);
	expect(new Set(ids).size).toBe(ids.length);
	expect(ids).toEqual((await archive.list(portal.as(), undefined, 100)).map(({ id }) => id));
});

test('whoever has the keys of the portal, and knows who has left, cannot tell which entry was theirs', async () => {
	const [alice, bob] = ['0193-leaver', '0193-another'];
	for (const id of [alice, bob]) await portal.as().keys.birth(id);
	const idsOf = async (): Promise<string[]> =>
		(await archive.list(portal.as(), undefined, 10)).map(({ id }) => id);
	const before = await idsOf();
	await archive.keep(portal.as(), { ...leaver, id: alice }, [kept]);
	const [own] = (await idsOf()).filter((id) => !before.includes(id));
	const name = `${kept.ground}|${kept.until}`;
	const { keys } = portal.as();
	expect(own).toBe(derive(await keys.of(alice), `archive|${name}`).toString('hex'));
	expect(own).not.toBe(keys.blindIndex('archive', `${alice}|${name}`).toString('hex'));
	await keys.destroy({ personId: alice, refuse: [] });
	await expect(archive.keep(portal.as(), { ...leaver, id: alice }, [kept])).rejects.toThrow('destroyed');
	await archive.keep(portal.as(), { ...leaver, id: bob }, [kept]);
	expect(await idsOf()).toHaveLength(before.length + 2);
});

test('a hold stops the day, and what was destroyed stays as a line without content', async () => {
	await archive.keep(portal.as(), leaver, [kept]);
	const { id } = await entryOf();
	expect(await archive.hold(portal.as(), 'wrong', { by: 'lee', why: 'case 7' })).toEqual({
		refused: 'entry-unknown'
	});
	await archive.hold(portal.as(), id, { by: 'lee', why: 'case 7' });
	expect(await archive.hold(portal.as(), id, { by: 'kim', why: 'case 8' })).toEqual({
		refused: 'already-held'
	});
	expect(await entryOf()).toMatchObject({ heldBy: 'lee', heldWhy: 'case 7' });
	portal.clock.move(after(new Date('2031-11-22T00:00:00.000Z'), 1, 'days'));
	await workOnce(portal.as());
	expect(await archive.ageFile(portal.as(), id)).toHaveProperty('content');
	await archive.release(portal.as(), id);
	await workOnce(portal.as());
	expect(await archive.ageFile(portal.as(), id)).toEqual({ refused: 'entry-destroyed' });
	expect(await entryOf()).toMatchObject({ id, records: 2, destroyedAt: portal.clock.now().toISOString() });
	expect(await archive.hold(portal.as(), id, { by: 'lee', why: 'too late' })).toEqual({
		refused: 'entry-unknown'
	});
});

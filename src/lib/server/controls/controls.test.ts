import { beforeAll, describe, expect, test } from 'vitest';
import { portalForTest } from '../../../../tests/support/portal-for-test.ts';
import { workOnce } from '../platform/work/work.ts';
import * as staff from '../staff/staff.ts';
import * as controls from './controls.ts';

const portal = portalForTest({ description: 'examples/classting' });
const shredded = { control: 'paper', doneOn: '2026-11-20', note: 'Two boxes, shredded, P-5' };
let [sam, charlie]: staff.Member[] = [];

beforeAll(async () => {
	for (const member of [
		{ id: 'sam', name: 'Sam', role: 'officer' as const },
		{ id: 'charlie', name: 'Charlie', role: 'agent' as const }
	])
		await staff.add(portal.as(), { ...member, password: 'a sentence that is long enough' });
	const members = await staff.list(portal.as());
	[sam, charlie] = ['sam', 'charlie'].map((id) => members.find((one) => one.id === id) as staff.Member);
});

const standing = async (id: string) =>
	(await controls.standings(portal.as())).find(({ control }) => control.id === id);

describe('what is done by hand', () => {
	test('is overdue until somebody wrote it down, and again when its time has passed', async () => {
		const ctx = portal.as();
		expect(await standing('paper')).toMatchObject({ isOverdue: true });
		expect(await controls.record(ctx, sam as staff.Member, shredded)).toEqual({ recorded: true });
		expect(await standing('paper')).toMatchObject({ doneOn: '2026-11-20', isOverdue: false });
		portal.clock.move('2027-03-01T09:00:00.000Z');
		expect(await standing('paper')).toMatchObject({ dueOn: '2027-02-18', isOverdue: true });
		portal.clock.move('2026-11-22T09:00:00.000Z');
	});

	test('is read by who may, with who wrote it; its words lie sealed', async () => {
		const ctx = portal.as();
		const history = await controls.history(ctx, sam as staff.Member, { control: 'paper', limit: 5 });
		expect(history).toMatchObject([{ doneOn: '2026-11-20', by: 'sam', note: shredded.note }]);
		const [row] = await ctx.db.selectFrom('controlDone').select('sealed').execute();
		expect(row?.sealed.includes('shredded')).toBe(false);
		expect((await staff.readLog(ctx, { staffId: 'sam' }))[0]).toMatchObject({ kind: 'control-recorded' });
	});

	test('is neither written nor read by an agent', async () => {
		const ctx = portal.as();
		const refused = { refused: 'not-permitted' };
		expect(await controls.record(ctx, charlie as staff.Member, shredded)).toEqual(refused);
		expect(await controls.history(ctx, charlie as staff.Member, { control: 'paper', limit: 5 })).toEqual(
			refused
		);
	});

	test.each([
		[{ control: 'nothing-known' }, 'control-unknown'],
		[{ doneOn: '2026-11-23' }, 'day-wrong'],
		[{ doneOn: '2026-13-40' }, 'day-wrong'],
		[{ note: '  ' }, 'note-wrong'],
		[{ note: 'x'.repeat(501) }, 'note-wrong'],
		[{ note: 'a\u0000b' }, 'note-wrong']
	])('%j is refused', async (change, refused) => {
		const wish = { ...shredded, ...change };
		expect(await controls.record(portal.as(), sam as staff.Member, wish)).toEqual({ refused });
	});
});

test('a backup writes its own line down, and no other', async () => {
	const ctx = portal.as();
	await controls.done(ctx, 'keys-backup');
	expect(await standing('backups-of-keys')).toMatchObject({ doneOn: '2026-11-22', isOverdue: false });
	expect(await standing('backups')).toMatchObject({ isOverdue: true });
});

test('what is overdue is said once a day', async () => {
	const said: unknown[] = [];
	const ctx = portal.as();
	const listening = { ...ctx, log: { ...ctx.log, warn: (details: unknown) => said.push(details) } };
	await workOnce(listening as never);
	await workOnce(listening as never);
	expect(said.filter((one) => (one as { control?: string }).control === 'backups')).toHaveLength(1);
});

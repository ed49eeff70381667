import { beforeEach, describe, expect, test } from 'vitest';
import { alice, bob } from '../../../../tests/support/people.ts';
import { portalForTest } from '../../../../tests/support/portal-for-test.ts';
import type { Person } from '../accounts/accounts.ts';
import { isPostgres } from '../platform/database/columns.ts';
import { transaction } from '../platform/database/transaction.ts';
import { workOnce } from '../platform/work/work.ts';
import * as contactChanges from './contact-changes.ts';
import { positionEnds, positionWork } from './positions.ts';

const portal = portalForTest();
const working = () => ({ ...portal.as(), work: [positionWork] });

let person: Person;
let other: Person;
let start: number;
beforeEach(async () => {
	portal.clock.move('2026-11-22T09:00:00.000Z');
	person = await alice(portal.as());
	other = await bob(portal.as());
	await workOnce(working());
	start = await newest();
});

async function newest(): Promise<number> {
	const mark = await portal
		.as()
		.db.selectFrom('mark')
		.select('value')
		.where('name', '=', 'contact-changes')
		.executeTakeFirst();
	return Number(mark?.value ?? 0);
}

async function behind(after: number, limit = 100) {
	const page = await contactChanges.following(portal.as(), after, limit);
	if ('refused' in page) throw new Error(page.refused);
	return page.notes.map(({ position, personId }) => ({
		position: position - start,
		who: personId === person.id ? 'alice' : 'bob'
	}));
}

describe('whoever follows the changes', () => {
	test('reads each once, in order, without gaps', async () => {
		for (const { id } of [person, other, person]) await contactChanges.note(portal.as(), id);
		expect(await behind(start)).toEqual([]);
		await workOnce(working());
		const all = [
			{ position: 1, who: 'alice' },
			{ position: 2, who: 'bob' },
			{ position: 3, who: 'alice' }
		];
		expect(await behind(start)).toEqual(all);
		expect(await behind(start, 1)).toEqual(all.slice(0, 1));
		expect(await behind(start + 2)).toEqual(all.slice(2));
		await workOnce(working());
		expect(await behind(start + 3)).toEqual([]);
	});

	test('misses nothing that was begun before and committed after', async () => {
		// Two transactions at once need an engine with two writers; on the other one the older id alone shows it.
		const isLate = isPostgres(portal.as().db as never);
		const early = {
			...portal.as(),
			ids: { ...portal.as().ids, next: () => '01900000-0000-7000-8000-000000000001' }
		};
		let commit: () => void = () => {};
		const held = new Promise<void>((resolve) => (commit = resolve));
		const late = isLate
			? transaction(early, async (ctx) => {
					await contactChanges.note(ctx, person.id);
					await held;
				})
			: undefined;
		await new Promise((resolve) => setTimeout(resolve, isLate ? 100 : 0));
		await contactChanges.note(portal.as(), other.id);
		await workOnce(working());
		expect(await behind(start)).toEqual([{ position: 1, who: 'bob' }]);
		commit();
		await (late ?? contactChanges.note(early, person.id));
		await workOnce(working());
		expect(await behind(start + 1)).toEqual([{ position: 2, who: 'alice' }]);
	});

	test('never meets a position twice, though the newest person leaves', async () => {
		await contactChanges.note(portal.as(), other.id);
		await workOnce(working());
		await portal.as().db.deleteFrom('contactChange').where('personId', '=', other.id).execute();
		await contactChanges.note(portal.as(), person.id);
		await workOnce(working());
		expect(await behind(start)).toEqual([{ position: 2, who: 'alice' }]);
	});

	test('begins anew who did not ask for a year, or knows a position that was never given', async () => {
		const ctx = portal.as();
		await contactChanges.note(ctx, person.id);
		await workOnce(working());
		expect(await contactChanges.following(ctx, start + 2, 10)).toEqual({ refused: 'changes-gone' });
		portal.clock.move('2027-11-22T10:00:00.000Z');
		await contactChanges.note(ctx, other.id);
		await workOnce(working());
		expect(await positionEnds.run(portal.as())).toBeGreaterThan(0);
		expect(await positionEnds.run(portal.as())).toBe(0);
		expect(await contactChanges.following(ctx, start, 10)).toEqual({ refused: 'changes-gone' });
		expect(await behind(start + 1)).toEqual([{ position: 2, who: 'bob' }]);
	});
});

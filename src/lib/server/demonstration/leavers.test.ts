import { expect, test } from 'vitest';
import { portalForTest } from '../../../../tests/support/portal-for-test.ts';
import { somebody } from '../../../../tests/support/people.ts';
import { signIns } from './demonstration.ts';
import { leaversWork } from './leavers.ts';
import { insertMark } from './queries.ts';

const portal = portalForTest({ description: 'tests/support/third-organisation' });

test('whoever left the demonstration is named nowhere on its sign-in page, nor in the database', async () => {
	const base = portal.as();
	const ctx = { ...base, settings: { ...base.settings, demonstration: true } };
	const { externalId } = await somebody(ctx, { name: 'alice' });
	const cast = [externalId, 'left'].map((identifier) => ({
		...{ identifier, label: `Name of ${identifier}`, role: 'reader', about: {} }
	}));
	await insertMark(ctx, 'sign-ins', JSON.stringify(cast));

	expect(await leaversWork.run(ctx)).toBe(0);

	expect((await signIns(ctx)).map(({ identifier }) => identifier)).toEqual([externalId]);
	const marks = await ctx.db.selectFrom('mark').selectAll().execute();
	expect(JSON.stringify(marks)).not.toContain('Name of left');
});

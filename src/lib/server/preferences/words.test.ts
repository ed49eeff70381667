import { expect, test } from 'vitest';
import { alice, bob } from '../../../../tests/support/people.ts';
import { portalForTest } from '../../../../tests/support/portal-for-test.ts';
import { preferencesContract } from './personal-data.ts';
import * as preferences from './preferences.ts';

const portal = portalForTest();

test('what stood beside the switch stays with each choice, the same words once, and is taken away with it', async () => {
	const ctx = portal.as();
	const [person, other] = [await alice(ctx, { role: 'student' }), await bob(ctx, { role: 'student' })];
	const words = ({ topic }: preferences.Change) => ({ language: 'ko', text: `소식: ${topic}` });
	for (const who of [person, other])
		for (const allowed of [true, false]) {
			const change = { channel: 'email', topic: 'events', allowed };
			await preferences.set(ctx, who, [change], { origin: 'page', words });
		}
	await preferences.stopChannel(ctx, person, 'email', 'mail');
	const history = await preferences.history(ctx, person.id, undefined, 10);
	const shown = { words: '소식: events', language: 'ko' };
	expect(history.filter(({ origin }) => origin === 'page')).toMatchObject([shown, shown]);
	expect(history[0]).toMatchObject({ origin: 'mail', words: null, language: null });
	expect(await ctx.db.selectFrom('shownWords').selectAll().execute()).toHaveLength(1);
	const [part] = await preferencesContract.collect(ctx, person.id);
	const rows = [];
	for await (const some of part?.pages() ?? []) rows.push(...some);
	expect(rows.at(-1)).toMatchObject(shown);
});

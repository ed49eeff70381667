import { expect, test } from 'vitest';
import { alice, bob } from '../../../../tests/support/people.ts';
import { portalForTest } from '../../../../tests/support/portal-for-test.ts';
import * as preferences from '../preferences/preferences.ts';
import { blocks, csvLines, ndjsonLines, type Line } from './intake.ts';

const portal = portalForTest({ description: 'examples/classerium' });
const number = '+34600500001';
const unknown = '+34600500002';

async function* bytes(text: string) {
	yield Buffer.from(text);
}
async function outcomesOf(lines: AsyncIterable<Line>): Promise<string[]> {
	const said: string[] = [];
	for await (const outcome of blocks(portal.as(), lines))
		said.push(
			`${outcome.line} ${'refused' in outcome ? `${outcome.refused} ${outcome.field ?? ''}` : outcome.done}`.trim()
		);
	return said;
}

test('a carrier’s list is taken over line by line; a bad line is told, and twice changes nothing', async () => {
	const ctx = portal.as();
	const person = await alice(ctx, { identifiers: { email: 'carrier@example.com', phone: number } });
	const other = await bob(ctx);
	const on = [
		{ channel: 'sms', topic: 'offers', allowed: true },
		{ channel: 'email', topic: 'offers', allowed: true }
	];
	for (const each of [person, other]) await preferences.set(ctx, each, on, { origin: 'page' });
	const csv = [
		'channel,address,at',
		'sms,600 50 00 01,2026-11-20',
		`sms,${number},2026-11-20T00:00:00Z`,
		`sms,${unknown},`,
		'sms,nonsense,',
		'pigeon,+34600500003,',
		'sms,+34600500004,2027-01-01'
	].join('\n');
	const once = [
		'2 address-invalid address',
		'3 added',
		'4 added',
		'5 address-invalid address',
		'6 wrong channel',
		'7 at-in-future at'
	];
	const again = once.map((line) => line.replace('added', 'unchanged'));
	expect(await outcomesOf(csvLines(bytes(csv)))).toEqual(once);
	expect(await preferences.mayContact(ctx, person, 'sms', 'offers')).toMatchObject({
		allowed: false,
		because: 'carrier'
	});
	expect((await preferences.history(ctx, person.id, undefined, 1))[0]).toMatchObject({
		origin: 'carrier',
		at: '2026-11-20T00:00:00.000Z'
	});
	const history = await preferences.history(ctx, person.id, undefined, 50);
	expect(await outcomesOf(csvLines(bytes(csv)))).toEqual(again);
	expect(await preferences.history(ctx, person.id, undefined, 50)).toEqual(history);
	const email = JSON.stringify({ channel: 'email', address: 'CARRIER@example.com' });
	expect(await outcomesOf(ndjsonLines(bytes(`${email}\n{`)))).toEqual(['1 added', '2 not-json']);
	expect(await preferences.mayContact(ctx, person, 'email', 'offers')).toMatchObject({
		allowed: false,
		because: 'decided'
	});
	expect(await preferences.mayStillGo(ctx, person.id, 'email', null)).toBe(true);
	expect(await preferences.mayStillGo(ctx, person.id, 'sms', null)).toBe(false);
	for (const channel of ['sms', 'email'])
		expect((await preferences.mayContact(ctx, other, channel, 'offers')).allowed).toBe(true);
});

import { describe, expect, test } from 'vitest';
import { alice, somebody } from '../../../../../tests/support/people.ts';
import { portalForTest } from '../../../../../tests/support/portal-for-test.ts';
import * as requests from '../requests.ts';
import { headingOf } from './headings.ts';
import { largestMail } from './reading.ts';

const portal = portalForTest({ description: 'examples/classerium' });

const message = (from: string, subject: string, { headers = [] as string[], text = 'Please.' } = {}) =>
	Buffer.from(
		[
			`From: ${from}`,
			'To: info@classerium.example.com',
			`Subject: ${subject}`,
			...headers,
			'Content-Type: text/plain; charset=utf-8',
			'',
			text
		].join('\r\n')
	);
const receive = (raw: Uint8Array) => requests.receiveMail(portal.as(), raw);
const requestsOf = async (personId: string) => requests.list(portal.as(), personId, { limit: 10 });
const tally = async () =>
	new Map((await requests.mailTally(portal.as())).map(({ outcome, mails }) => [outcome, mails]));
const rows = async () =>
	Number(
		(
			await portal
				.as()
				.db.selectFrom('request')
				.select((count) => count.fn.countAll().as('all'))
				.executeTakeFirstOrThrow()
		).all
	);

describe('a subject', () => {
	test.each([
		['California Privacy Rights', 'california-disclosure', 'california-shine-the-light'],
		['Re: Request for California Privacy Information', 'california-disclosure', 'california-shine-the-light'],
		['GDPR', 'access', 'gdpr'],
		['[gdpr] please erase everything', 'erasure', 'gdpr'],
		['ＧＤＰＲ request', 'access', 'gdpr'],
		['RGPD: derecho de supresión', 'erasure', 'gdpr'],
		['개인정보 처리정지 요구', 'objection', undefined],
		['개인정보보호법에 따른 열람 요구', 'access', 'pipa'],
		['회원 탈퇴 요청', 'erasure', undefined],
		['طلب تصحيح بياناتي', 'correction', undefined],
		['Eliminar mi cuenta', 'erasure', undefined],
		['A copy of my data', 'copy', undefined]
	])('“%s” names a right', (subject, kind, regime) => {
		expect(headingOf(subject)).toMatchObject({ kind, regime });
	});

	test.each(['Lunch?', '', 'Access to the building', 'Your invoice', 'gdprx', 'x'.repeat(100_000)])(
		'“%.20s” names none',
		(subject) => {
			expect(headingOf(subject)).toBeUndefined();
		}
	);
});

describe('a mail that names a right', () => {
	test('of somebody known waits for them, with its words sealed, and its clock runs from its receipt', async () => {
		const person = await alice(portal.as(), { identifiers: { email: 'ana@example.com' } });
		const raw = message('Ana <ANA@example.com>', 'GDPR', {
			headers: ['Message-ID: <1@example.com>'],
			text: 'Show me\u202e all.'
		});
		expect(await receive(raw)).toEqual({ received: true });
		expect(await receive(raw)).toEqual({ received: true });
		const [request, ...more] = await requestsOf(person.id);
		expect(more).toEqual([]);
		expect(request).toMatchObject({
			kind: 'access',
			state: 'waiting-for-proof',
			channel: 'mail',
			rule: 'gdpr'
		});
		const found = await requests.find(portal.as(), person.id, request?.id as string);
		expect(found?.messages).toMatchObject([{ author: 'person', text: 'GDPR\n\nShow me all.' }]);
	});

	test('from Brazil under European law gets the European clock', async () => {
		const person = await somebody(portal.as(), { country: 'BR', identifiers: { email: 'rio@example.com' } });
		portal.clock.move('2027-01-31T12:00:00.000Z');
		await receive(message('rio@example.com', 'GDPR'));
		portal.clock.move('2026-11-22T09:00:00.000Z');
		expect((await requestsOf(person.id))[0]).toMatchObject({ rule: 'gdpr' });
	});

	test('of somebody unknown is answered alike, and nothing of it stays but the count', async () => {
		const before = [await rows(), (await tally()).get('unmatched') ?? 0];
		expect(await receive(message('nobody@example.org', 'GDPR', { text: 'needle-in-a-haystack' }))).toEqual({
			received: true
		});
		expect([await rows(), (await tally()).get('unmatched')]).toEqual([before[0], (before[1] as number) + 1]);
	});

	test('in too great numbers from one sender is not taken, known or not, and opens nothing more', async () => {
		const person = await alice(portal.as(), { identifiers: { email: 'flood@example.com' } });
		for (let sent = 0; sent < 8; sent++)
			for (const from of ['flood@example.com', 'no-flood@example.com'])
				expect(await receive(message(from, 'GDPR', { text: `Number ${sent}` }))).toEqual(
					sent < 5 ? { received: true } : { received: false, because: 'too-many' }
				);
		expect(await requestsOf(person.id)).toHaveLength(5);
	});

	const wordsOf = async (from: string, raw: Uint8Array) => {
		const person = await alice(portal.as(), { identifiers: { email: from } });
		expect(await receive(raw)).toEqual({ received: true });
		const [request] = await requestsOf(person.id);
		return (await requests.find(portal.as(), person.id, request?.id as string))?.messages[0]?.text;
	};

	test('is taken too with direction marks in its subject, and with a character cut in two', async () => {
		const [marks, long] = ['marks@example.com', 'long@example.com'];
		const turned = message(marks, 'GDPR \u202e\u2066please', { text: 'All.' });
		expect(await wordsOf(marks, turned)).toBe('GDPR please\n\nAll.');
		const cut = message(long, 'GDPR', { text: `${'x'.repeat(4_993)}\u{1f600}more` });
		expect(await wordsOf(long, cut)).toBe(`GDPR\n\n${'x'.repeat(4_993)}\ufffd`);
	});

	test.each([
		['<style>'.repeat(28_000), 'GDPR'],
		['<'.repeat(200_000), `GDPR\n\n${'<'.repeat(4_994)}`],
		['<!--'.repeat(50_000), 'GDPR'],
		[
			'<STYLE>p { }</style ><p>1 < 2<br>and<!-- <b> not --> <b>all</b><script>"</p>"</SCRIPT>.',
			'GDPR\n\n1 < 2 and   all  .'
		]
	])('of %.10s… is read without its tags', async (html, words) => {
		const from = `${Buffer.from(html.slice(0, 6)).toString('hex')}@example.com`;
		const raw = `From: ${from}\r\nSubject: GDPR\r\nContent-Type: text/html\r\n\r\n${html}`;
		expect(await wordsOf(from, Buffer.from(raw))).toBe(words);
	});
});

describe('a mail that is left alone', () => {
	test.each([
		['Auto-Submitted: auto-replied'],
		['Precedence: bulk'],
		['Return-Path: <>'],
		['List-Id: <news.example.com>'],
		['X-Auto-Response-Suppress: All']
	])('because a machine sent it: %s', async (header) => {
		const person = await alice(portal.as());
		const raw = message('ana@example.com', 'GDPR', { headers: [header] });
		expect(await receive(raw)).toEqual({ received: false, because: 'automatic' });
		expect(await requestsOf(person.id)).toEqual([]);
	});

	test('because it comes from our own address, or names no right', async () => {
		expect(await receive(message('info@classerium.example.com', 'GDPR'))).toMatchObject({
			because: 'automatic'
		});
		expect(await receive(message('ana@example.com', 'Hello'))).toEqual({
			received: false,
			because: 'no-heading'
		});
	});
});

test('hostile mails are answered clearly, and break nothing', async () => {
	const nested = Array.from(
		{ length: 200 },
		(_, depth) => `--b${depth}\r\nContent-Type: multipart/mixed; boundary=b${depth + 1}\r\n\r\n`
	);
	for (const raw of [
		'',
		'\0\0\0',
		'Subject: GDPR\r\n\r\nNo sender',
		'From: not an address\r\nSubject: GDPR\r\n\r\nx',
		`From: a@example.com\r\nSubject: GDPR\r\nContent-Type: multipart/mixed; boundary=b0\r\n\r\n${nested.join('')}`,
		`From: a@example.com\r\n${'X-Long: '.padEnd(300_000, 'x')}\r\nSubject: GDPR\r\n\r\nx`
	])
		expect(await receive(Buffer.from(raw))).toEqual({ refused: 'mail-unreadable' });
	expect(await receive(Buffer.alloc(largestMail + 1, 65))).toEqual({ refused: 'too-large' });
	const strange =
		'From: b@example.com\r\nSubject: GDPR\r\nContent-Type: text/html; charset=no-such\r\n\r\n<p>Hi<script>alert(1)</script>';
	expect(await receive(Buffer.from(strange))).toEqual({ received: true });
});

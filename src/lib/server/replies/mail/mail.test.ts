import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { alice, bob } from '../../../../../tests/support/people.ts';
import { portalForTest } from '../../../../../tests/support/portal-for-test.ts';
import type { Person } from '../../accounts/accounts.ts';
import * as delivery from '../../delivery/delivery.ts';
import * as preferences from '../../preferences/preferences.ts';
import * as requests from '../../requests/requests.ts';
import * as replies from '../replies.ts';

const portal = portalForTest({ description: 'examples/classerium' });
const receive = (...lines: string[]) => replies.receiveMail(portal.as(), Buffer.from(lines.join('\r\n')));
const addressOf = (person: Person) => `${person.externalId}@example.com`;
const may = async (person: Person, topic: string) =>
	(await preferences.mayContact(portal.as(), person, 'email', topic)).allowed;
const newest = async (person: Person) => (await preferences.history(portal.as(), person.id, undefined, 1))[0];
const blocks = async (person: Person) =>
	(
		await portal
			.as()
			.db.selectFrom('addressBlock')
			.select('because')
			.where('personId', '=', person.id)
			.execute()
	).map(({ because }) => because);
const counted = async (outcome: string) =>
	(await requests.mailTally(portal.as())).find((row) => row.outcome === outcome)?.mails ?? 0;
const tokenOf = (person: Person, topic = 'news') =>
	preferences.makeUnsubscribeUrl(portal.as(), person, 'email', topic).split('/').at(-1) as string;

let mails = 0;
const mail = (subject: string, { text = 'Please.', headers = [] as string[] } = {}) => [
	'From: Somebody <somebody@elsewhere.example>',
	'To: info@classerium.example.com',
	`Subject: ${subject}`,
	...(headers.some((header) => header.startsWith('Message-ID'))
		? []
		: [`Message-ID: <m${++mails}@elsewhere>`]),
	...headers,
	'',
	text
];

/** A message to the person that the mail server took. */
async function sent(person: Person, topic?: string): Promise<string> {
	const sending = await delivery.send(portal.as(), person.id, {
		template: 'export-ready',
		channel: 'email',
		values: { expiresAt: '2026-11-29T09:00:00.000Z' },
		...(topic && { topic })
	});
	if ('refused' in sending) throw new Error(sending.refused);
	await portal.as().db.updateTable('outbox').set({ state: 'sent' }).where('id', '=', sending.id).execute();
	return sending.id;
}

describe('a stop by mail', () => {
	test('counts by the token in its subject, whoever sends it, and is told by its origin', async () => {
		const person = await alice(portal.as());
		const other = await bob(portal.as());
		expect(await may(person, 'news')).toBe(true);
		expect(await receive(...mail(tokenOf(person)))).toEqual({ received: true, as: 'unsubscribe' });
		expect([await may(person, 'news'), await may(person, 'tips'), await may(other, 'news')]).toEqual([
			false,
			true,
			true
		]);
		expect(await newest(person)).toMatchObject({ origin: 'mail', topic: 'news', allowed: false });
	});

	test.each([
		['behind other words', (token: string) => mail(`Re: unsubscribe ${token}`)],
		['folded by a mail server', (token: string) => mail(`${token.slice(0, 70)}\r\n ${token.slice(70)}`)],
		[
			'on a line of its own in the body',
			(token: string) => mail('unsubscribe', { text: `\r\n${token}\r\n` })
		],
		['from a machine', (token: string) => mail(token, { headers: ['Auto-Submitted: auto-generated'] })]
	])('counts with its token %s', async (_, write) => {
		const person = await alice(portal.as());
		await receive(...write(tokenOf(person)));
		expect(await may(person, 'news')).toBe(false);
	});

	test('counts once, however often its mail comes', async () => {
		const person = await alice(portal.as());
		const stop = mail(tokenOf(person));
		await receive(...stop);
		const on = [{ channel: 'email', topic: 'news', allowed: true }];
		await preferences.set(portal.as(), person, on, { origin: 'page' });
		expect(await receive(...stop)).toEqual({ received: true, as: 'unsubscribe' });
		expect(await may(person, 'news')).toBe(true);
	});

	test('counts for a topic that the description has no more, when it comes back', async () => {
		const person = await alice(portal.as());
		const token = tokenOf(person);
		const ctx = portal.as();
		const topics = ctx.organisation.topics.filter(({ id }) => id !== 'news');
		const without = { ...ctx, organisation: { ...ctx.organisation, topics } };
		expect(await replies.receiveMail(without, Buffer.from(mail(token).join('\r\n')))).toEqual({
			received: true,
			as: 'unsubscribe'
		});
		expect(await may(person, 'news')).toBe(false);
	});

	test('is none where a token is forged, cut, or stands in the quoted foot of a message', async () => {
		const person = await alice(portal.as());
		const token = tokenOf(person);
		const url = preferences.makeUnsubscribeUrl(portal.as(), person, 'email', 'news');
		const left = { received: false, because: 'no-heading' };
		expect(await receive(...mail('A'.repeat(180)))).toEqual(left);
		expect(await receive(...mail(token.slice(1)))).toEqual(left);
		expect(await receive(...mail('Re: News', { text: `Thanks!\r\n> ${token}\r\n${url}` }))).toEqual(left);
		expect(await may(person, 'news')).toBe(true);
	});

	test('of somebody who is gone is answered alike', async () => {
		const gone = { id: portal.as().ids.next(), role: 'subscriber', language: 'en' };
		const url = preferences.makeUnsubscribeUrl(portal.as(), gone, 'email', 'news');
		expect(await receive(...mail(url.split('/').at(-1) as string))).toEqual({
			received: true,
			as: 'unsubscribe'
		});
	});
});

const part = (type: string, ...lines: string[]) => ['--b', `Content-Type: ${type}`, '', ...lines, ''];
const report = (type: string, ...parts: string[][]) => [
	'From: Mail Delivery System <mailer-daemon@mx.example>',
	'To: info@classerium.example.com',
	'Subject: A report',
	`Message-ID: <r${++mails}@mx.example>`,
	'Auto-Submitted: auto-replied',
	'MIME-Version: 1.0',
	`Content-Type: multipart/report; report-type=${type};`,
	'\tboundary="b"',
	'',
	...part('text/plain', 'This is a report.'),
	...parts.flat(),
	'--b--'
];
const nameOf = (id: string) => `<${id}@localhost>`;
const bounce = (
	messageId: string,
	to: string,
	{ action = 'failed', status = '5.1.1', said = 'smtp; 550 no such user', envelope = '' } = {}
) =>
	report(
		'delivery-status',
		part(
			'message/delivery-status',
			'Reporting-MTA: dns; mx.example',
			...(envelope ? [`Original-Envelope-Id: ${envelope}`] : []),
			'',
			`Final-Recipient: rfc822; ${to}`,
			`Action: ${action}`,
			`Status: ${status}`,
			`Diagnostic-Code: ${said}`
		),
		part('text/rfc822-headers', `Message-ID: ${messageId}`, 'Subject: x')
	);

describe('a delivery report', () => {
	test('that the address is gone blocks it, tells the person, and once', async () => {
		const person = await alice(portal.as());
		const raw = bounce(nameOf(await sent(person)), addressOf(person).toUpperCase());
		expect(await receive(...raw)).toEqual({ received: true, as: 'report' });
		expect(await blocks(person)).toEqual(['bounced']);
		expect(await may(person, 'news')).toBe(false);
		const events = await portal
			.as()
			.db.selectFrom('auditEvent')
			.select('kind')
			.where('personId', '=', person.id)
			.execute();
		expect(events.map(({ kind }) => kind)).toContain('address-blocked-bounced');
		await preferences.unblock(portal.as(), person.id, 'email', 'bounced');
		await receive(...raw);
		expect(await blocks(person)).toEqual([]);
	});

	test('is recognised by its envelope where the headers did not come back', async () => {
		const person = await alice(portal.as());
		const envelope = await sent(person);
		await receive(...bounce('<redacted@mx>', addressOf(person), { envelope }));
		expect(await blocks(person)).toEqual(['bounced']);
	});

	test.each([
		['5.1.1', '', true],
		['5.1.10', '', true],
		['5.2.1', '', true],
		['5.0.0', 'smtp; 550 5.1.1 unknown', true],
		['5.0.0', 'smtp; 550 5.7.1 looks like spam', false],
		['5.0.0', 'smtp; 554 no', false],
		['5.0.0', 'smtp; 554 5.0.0 no', false],
		['5.2.2', 'smtp; 552 mailbox full', false],
		['5.7.1', 'smtp; 550 policy', false],
		['5.1.8', 'smtp; 550 bad sender', false],
		['4.4.1', 'smtp; 421 later', false]
	])('with %s “%s” blocks the address: %s', async (status, said, isBlocked) => {
		const person = await alice(portal.as());
		await receive(
			...bounce(nameOf(await sent(person)), addressOf(person), { status, ...(said && { said }) })
		);
		expect((await blocks(person)).length).toBe(isBlocked ? 1 : 0);
	});

	test('that a message is only late is counted', async () => {
		const person = await alice(portal.as());
		const before = await counted('delayed');
		const late = { action: 'delayed', status: '4.4.1' };
		await receive(...bounce(nameOf(await sent(person)), addressOf(person), late));
		expect([await blocks(person), await counted('delayed')]).toEqual([[], before + 1]);
	});

	test('about a message that was never sent, or not by us, does nothing', async () => {
		const person = await alice(portal.as());
		const waiting = await delivery.send(portal.as(), person.id, { template: 'withdrawal-cancelled' });
		const unknown = { received: false, because: 'unknown-message' };
		const names = [
			nameOf(portal.as().ids.next()),
			nameOf('id' in waiting ? waiting.id : ''),
			`<${await sent(person)}@elsewhere.example>`
		];
		for (const name of names) expect(await receive(...bounce(name, addressOf(person)))).toEqual(unknown);
		expect(await blocks(person)).toEqual([]);
	});

	test('about another address than the one that the person has now leaves that one alone', async () => {
		const person = await alice(portal.as());
		const other = await bob(portal.as());
		for (const address of ['mistyped@example.com', addressOf(other)])
			await receive(...bounce(nameOf(await sent(person)), address));
		expect([await blocks(person), await blocks(other)]).toEqual([[], []]);
	});

	test('of any strange shape breaks nothing', async () => {
		const person = await alice(portal.as());
		const id = nameOf(await sent(person));
		const left = { received: false, because: 'automatic' };
		for (const raw of [
			report('delivery-status'),
			report('delivery-status', part('message/delivery-status', 'no fields here')),
			report('feedback-report', part('message/feedback-report', '::::')),
			report('something-else', part('text/rfc822-headers', `Message-ID: ${id}`))
		])
			expect(await receive(...raw)).toEqual(left);
		expect(await receive('')).toEqual({ refused: 'mail-unreadable' });
		expect(await receive('From: a@b.example', '', 'x'.repeat(6_000_000))).toEqual({ refused: 'too-large' });
		expect(await blocks(person)).toEqual([]);
	});
});

test('a report that is cut, doubled or scrambled anywhere blocks nobody else, and breaks nothing', async () => {
	const other = await bob(portal.as());
	const person = await alice(portal.as());
	const raw = Buffer.from(bounce(nameOf(await sent(person)), addressOf(person)).join('\r\n'));
	await fc.assert(
		fc.asyncProperty(
			fc.nat(raw.length),
			fc.nat(raw.length),
			fc.uint8Array({ maxLength: 40 }),
			async (a, b, noise) => {
				const mangled = Buffer.concat([raw.subarray(0, a), noise, raw.subarray(b)]);
				await expect(replies.receiveMail(portal.as(), mangled)).resolves.toBeDefined();
			}
		),
		{ numRuns: 60 }
	);
	expect(await blocks(other)).toEqual([]);
});

const complaint = (returned: string[], { kind = 'abuse', to = '' } = {}) =>
	report(
		'feedback-report',
		part(
			'message/feedback-report',
			`Feedback-Type: ${kind}`,
			'User-Agent: Provider/1',
			'Version: 1',
			...(to ? [`Original-Rcpt-To: ${to}`] : [])
		),
		part('message/rfc822', ...returned, '', 'The message.')
	);

describe('a complaint', () => {
	test('stops the topic of its message, and what can be refused does not go to that address any more', async () => {
		const person = await alice(portal.as());
		const raw = complaint([`Message-ID: ${nameOf(await sent(person, 'tips'))}`], { to: addressOf(person) });
		expect(await receive(...raw)).toEqual({ received: true, as: 'complaint' });
		expect(await newest(person)).toMatchObject({ origin: 'complaint', topic: 'tips', allowed: false });
		expect(await blocks(person)).toEqual(['complained']);
		expect(await may(person, 'terms-policy')).toBe(true);
	});

	test('about a message of another tool is understood by the way out in it', async () => {
		const person = await alice(portal.as());
		const url = preferences.makeUnsubscribeUrl(portal.as(), person, 'email', 'news');
		await receive(...complaint(['Message-ID: <campaign@elsewhere>', `List-Unsubscribe: <${url}>`]));
		expect(await newest(person)).toMatchObject({ origin: 'complaint', topic: 'news' });
		expect(await blocks(person)).toEqual(['complained']);
	});

	test('about a message without a topic stops all marketing by email, and counts once', async () => {
		const person = await alice(portal.as());
		const raw = complaint([`Message-ID: ${nameOf(await sent(person))}`]);
		await receive(...raw);
		await receive(...raw);
		const changes = await preferences.history(portal.as(), person.id, undefined, 50);
		expect(new Set(changes.map(({ changeSet }) => changeSet)).size).toBe(1);
		expect(new Set(changes.map(({ channel }) => channel))).toEqual(new Set(['email']));
		const { topics } = portal.as().organisation;
		for (const { topic } of changes) expect(topics.find(({ id }) => id === topic)?.marketing).toBe(true);
	});

	test('that takes another one back, or is about nothing of ours, changes nothing', async () => {
		const person = await alice(portal.as());
		const id = nameOf(await sent(person, 'news'));
		await receive(...complaint([`Message-ID: ${id}`], { kind: 'not-spam' }));
		expect(await receive(...complaint(['Message-ID: <x@elsewhere>']))).toMatchObject({
			because: 'unknown-message'
		});
		expect([await may(person, 'news'), await blocks(person)]).toEqual([true, []]);
	});
});

describe('whoever wants mail again at an address that was left alone', () => {
	test('gets it, with a message that shows it, and what they stopped stays off', async () => {
		const person = await alice(portal.as());
		await receive(...complaint([`Message-ID: ${nameOf(await sent(person, 'tips'))}`]));
		await receive(...bounce(nameOf(await sent(person)), addressOf(person)));
		expect((await blocks(person)).sort()).toEqual(['bounced', 'complained']);
		expect(await replies.writeAgain(portal.as(), person.id, 'email')).toEqual({ lifted: true });
		expect([await blocks(person), await may(person, 'news'), await may(person, 'tips')]).toEqual([
			[],
			true,
			false
		]);
		const [newest] = await delivery.history(portal.as(), person.id, undefined, 1);
		expect(newest).toMatchObject({ template: 'writing-again', channel: 'email', state: 'waiting' });
	});

	test('gets nothing where nothing was blocked, and not more often than three times a day', async () => {
		const person = await alice(portal.as());
		for (let asked = 0; asked < 3; asked++)
			expect(await replies.writeAgain(portal.as(), person.id, 'email')).toEqual({ lifted: false });
		expect(await replies.writeAgain(portal.as(), person.id, 'email')).toMatchObject({
			refused: 'too-many-tries'
		});
		expect(await delivery.history(portal.as(), person.id, undefined, 1)).toEqual([]);
	});
});

test('an automatic answer is ignored, and a right is still taken as one', async () => {
	const away = mail('Automatic reply: GDPR', { headers: ['Auto-Submitted: auto-replied'] });
	expect(await receive(...away)).toEqual({ received: false, because: 'automatic' });
	expect(await receive(...mail('GDPR request'))).toEqual({ received: true });
});

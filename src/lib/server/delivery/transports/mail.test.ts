import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { authenticate } from 'mailauth';
import { simpleParser } from 'mailparser';
import { describe, expect, onTestFinished, test } from 'vitest';
import { alice } from '../../../../../tests/support/people.ts';
import { portalForTest } from '../../../../../tests/support/portal-for-test.ts';
import { mailServer, type Received } from '../../../../../tests/support/smtp.ts';
import type { Person } from '../../accounts/accounts.ts';
import type { Context } from '../../context.ts';
import * as preferences from '../../preferences/preferences.ts';
import * as delivery from '../delivery.ts';
import { deliveryWork } from '../due.ts';
import { closeTransports } from './transports.ts';

const portal = portalForTest({ description: 'examples/classerium' });

const pem = { type: 'pkcs8', format: 'pem' } as const;
const rsa = generateKeyPairSync('rsa', { modulusLength: 2_048 }).privateKey.export(pem).toString();
const ed25519 = generateKeyPairSync('ed25519').privateKey.export(pem).toString();
const dkimOf = (key: string) => ({ domain: 'classerium.example.com', selector: 'candor', key });

/** The DNS of the organisation: what its guide tells an operator to write there, and nothing else. */
function dnsOf(key: string) {
	const spki = createPublicKey(key).export({ type: 'spki', format: 'der' });
	const isEd = createPublicKey(key).asymmetricKeyType === 'ed25519';
	const record = isEd
		? `v=DKIM1; k=ed25519; p=${spki.subarray(-32).toString('base64')}`
		: `v=DKIM1; k=rsa; p=${spki.toString('base64')}`;
	return async (name: string) => {
		if (name === 'candor._domainkey.classerium.example.com') return [[record]];
		throw Object.assign(new Error('no such name'), { code: 'ENOTFOUND' });
	};
}

/** What somebody else finds when they check the message. */
async function checked(raw: string, key: string) {
	const sender = 'info@classerium.example.com';
	const resolver = dnsOf(key) as never;
	const { dkim } = await authenticate(raw, { ip: '127.0.0.1', helo: 'localhost', sender, resolver });
	const [result] = dkim.results;
	return { result: result?.status.result, aligned: result?.status.aligned };
}

type Settings = Partial<Context['settings']>;

/** Sends, and answers what the server got. */
async function delivered<Name extends delivery.Template>(
	person: Person,
	sending: delivery.Sending<Name>,
	{ settings = {}, organisation = {} }: { settings?: Settings; organisation?: object } = {}
): Promise<Received> {
	const { url, received } = await mailServer({ hideDSN: false });
	const ctx = portal.as();
	const changed: Context = {
		...ctx,
		settings: { ...ctx.settings, smtpUrl: url, ...settings },
		organisation: {
			...ctx.organisation,
			organisation: { ...ctx.organisation.organisation, ...organisation }
		}
	};
	onTestFinished(() => closeTransports(changed.settings));
	await delivery.send(changed, person.id, sending);
	for (const kind of deliveryWork(async () => true)) while ((await kind.run(changed)) > 0);
	return received.findLast(({ to }) => to.includes(`${person.externalId}@example.com`)) as Received;
}

const aboutNews = (person: Person) => ({
	template: 'topic-sample' as const,
	channel: 'email' as const,
	topic: 'news',
	values: { topic: 'News' },
	unsubscribeUrl: preferences.makeUnsubscribeUrl(portal.as(), person, 'email', 'news')
});
const linksIn = (text: string) =>
	[...text.matchAll(/https?:\/\/[^\s"<>]+/g)].map(([url]) => url.replaceAll('&amp;', '&'));
const rawHeaders = (raw: string, name: string) =>
	raw.slice(0, raw.indexOf('\r\n\r\n')).match(new RegExp(`^${name}:`, 'gim'))?.length ?? 0;
const signedHeaders = (raw: string) =>
	(/\sh=([^;]+);/.exec(raw)?.[1] ?? '').replace(/\s/g, '').toLowerCase().split(':');

describe.each(['en', 'ko', 'es', 'ar'])('a message in %s', (language) => {
	test.each([
		['RSA', rsa],
		['Ed25519', ed25519]
	])('is signed with %s so that others can check it, with its way out', async (_, key) => {
		const person = await alice(portal.as(), { language });
		const { raw } = await delivered(person, aboutNews(person), { settings: { dkim: dkimOf(key) } });
		expect(await checked(raw, key)).toEqual({ result: 'pass', aligned: 'classerium.example.com' });
		for (const name of ['list-unsubscribe', 'list-unsubscribe-post']) {
			expect(rawHeaders(raw, name)).toBe(1);
			expect(signedHeaders(raw)).toContain(name);
		}
		const { result } = await checked(raw.replace('One-Click', 'Two-Click'), key);
		expect(result).toBe('fail');
	});

	test('says the same in text and HTML, under a subject that others read as it was written', async () => {
		const person = await alice(portal.as(), { language });
		const { raw } = await delivered(person, {
			template: 'correction-decided',
			values: { endsAt: '2026-11-29T09:00:00.000Z' }
		});
		const parsed = await simpleParser(raw);
		const [preview] = delivery
			.previews(portal.as(), portal.clock.now())
			.filter((one) => one.language === language && one.template === 'correction-decided');
		expect(parsed.subject).toBe(preview?.subject);
		expect(linksIn(parsed.html || '')).toEqual(linksIn(parsed.text ?? ''));
		expect(linksIn(parsed.text ?? '').length).toBe(2);
		expect(parsed.headers.get('content-language')).toBe(language);
		expect(parsed.headers.get('auto-submitted')).toBe('auto-generated');
	});
});

test('a header that is put before a signed message breaks its signature', async () => {
	const person = await alice(portal.as());
	const { raw } = await delivered(person, aboutNews(person), { settings: { dkim: dkimOf(rsa) } });
	for (const header of [
		'From: evil@example.net',
		'Subject: Other',
		'List-Unsubscribe: <https://evil.example.net/>',
		'Reply-To: evil@example.net'
	])
		expect(await checked(`${header}\r\n${raw}`, rsa)).toMatchObject({ result: 'fail' });
});

test('a message about a topic can be stopped by a click and by a mail, which say the same; its answers go to one mailbox', async () => {
	const person = await alice(portal.as());
	const sending = aboutNews(person);
	const { raw, envelope } = await delivered(person, sending);
	const parsed = await simpleParser(raw);
	const list = parsed.headers.get('list') as { unsubscribe: { url: string } };
	const token = sending.unsubscribeUrl.split('/').at(-1);
	expect(raw.replace(/\r\n[ \t]+/g, ' ')).toContain(
		`List-Unsubscribe: <${sending.unsubscribeUrl}>, <mailto:info@classerium.example.com?subject=${token}>`
	);
	expect(raw).toMatch(/^List-ID: <news\.classerium\.localhost>\r$/im);
	expect(list.unsubscribe.url).toBe(sending.unsubscribeUrl);
	expect(envelope.mailFrom).toMatchObject({ address: 'info@classerium.example.com' });
	expect(linksIn(parsed.text ?? '')).toContain(sending.unsubscribeUrl);
	expect(linksIn(parsed.html || '')).toEqual(linksIn(parsed.text ?? ''));
});

test('where no mailbox is described, no mail stops anything, and what bounces goes to the sender', async () => {
	const person = await alice(portal.as());
	const organisation = { mailbox: undefined };
	const settings = { mailFrom: 'Privacy <privacy@classerium.example.com>' };
	const { raw, envelope } = await delivered(person, aboutNews(person), { organisation, settings });
	expect(raw).not.toContain('mailto:');
	expect(envelope.mailFrom).toMatchObject({ address: 'privacy@classerium.example.com' });
});

test('the mail server is asked to name the message in its report, and to send nothing of its text back', async () => {
	const person = await alice(portal.as());
	const { raw, envelope } = await delivered(person, { template: 'withdrawal-cancelled' });
	const { messageId } = await simpleParser(raw);
	expect(envelope).toMatchObject({ dsn: { ret: 'HDRS', envid: /<([^@]+)@/.exec(messageId ?? '')?.[1] } });
});

test.each([
	['5.1.1 no such user', true],
	['5.0.0 no', true],
	['no such user', false],
	['5.7.1 looks like spam', false],
	['refused, ask 5.1.77.12 why', false]
])('an address of which the server says “%s” is told to be gone: %s', async (said, isGone) => {
	const { url } = await mailServer({
		onRcptTo: (_address, _session, done) => done(Object.assign(new Error(said), { responseCode: 550 }))
	});
	const ctx = portal.as();
	const changed = { ...ctx, settings: { ...ctx.settings, smtpUrl: url } };
	onTestFinished(() => closeTransports(changed.settings));
	const person = await alice(portal.as());
	await delivery.send(changed, person.id, { template: 'withdrawal-cancelled' });
	const told: string[] = [];
	const hear = async (_ctx: Context, { to, because }: { to: string; because: string }) =>
		void told.push(`${to} ${because}`);
	for (const kind of deliveryWork(async () => true, hear)) while ((await kind.run(changed)) > 0);
	expect(told).toEqual(isGone ? [`${person.externalId}@example.com bounced`] : []);
});

test('a server that says no to the message, and no more, has said nothing of the address', async () => {
	const { url } = await mailServer({
		onData: (stream, _session, done) => {
			stream.resume();
			stream.on('end', () => done(Object.assign(new Error('5.0.0 no'), { responseCode: 554 })));
		}
	});
	const ctx = portal.as();
	const changed = { ...ctx, settings: { ...ctx.settings, smtpUrl: url } };
	onTestFinished(() => closeTransports(changed.settings));
	const person = await alice(portal.as());
	await delivery.send(changed, person.id, { template: 'withdrawal-cancelled' });
	const told: string[] = [];
	const hear = async (_ctx: Context, { to }: { to: string }) => void told.push(to);
	for (const kind of deliveryWork(async () => true, hear)) while ((await kind.run(changed)) > 0);
	expect(told).toEqual([]);
	const [message] = await delivery.history(ctx, person.id, undefined, 1);
	expect(message).toMatchObject({ state: 'failed' });
});

test('a server that does not like the sender has said nothing of the address, and is asked again later', async () => {
	const { url } = await mailServer({
		onMailFrom: (_address, _session, done) =>
			done(Object.assign(new Error('5.1.2 no such domain'), { responseCode: 550 }))
	});
	const ctx = portal.as();
	const changed = { ...ctx, settings: { ...ctx.settings, smtpUrl: url } };
	onTestFinished(() => closeTransports(changed.settings));
	const person = await alice(portal.as());
	await delivery.send(changed, person.id, { template: 'withdrawal-cancelled' });
	const told: string[] = [];
	const hear = async (_ctx: Context, { to }: { to: string }) => void told.push(to);
	for (const kind of deliveryWork(async () => true, hear)) while ((await kind.run(changed)) > 0);
	expect(told).toEqual([]);
	const [message] = await delivery.history(ctx, person.id, undefined, 1);
	expect(message).toMatchObject({ template: 'withdrawal-cancelled', state: 'waiting' });
});

test('no name and no value can add a header or a recipient', async () => {
	const person = await alice(portal.as());
	const hostile = 'Evil\r\nBcc: evil@example.net\r\n\r\nBody';
	const sending = { ...aboutNews(person), values: { topic: hostile } };
	const name = { en: `"${hostile}" <evil@example.net>, Org` };
	const { raw, to } = await delivered(person, sending, { organisation: { name } });
	const parsed = await simpleParser(raw);
	expect(to).toEqual([`${person.externalId}@example.com`]);
	expect([rawHeaders(raw, 'bcc'), rawHeaders(raw, 'from'), rawHeaders(raw, 'subject')]).toEqual([0, 1, 1]);
	expect(parsed.subject).toBe('A sample about “Evil Bcc: evil@example.net Body”');
	expect(parsed.from?.value.map(({ address }) => address)).toEqual(['info@classerium.example.com']);
	expect(parsed.html || '').toContain('Bcc: evil@example.net');
});

test('a very long subject arrives whole', async () => {
	const person = await alice(portal.as(), { language: 'ar' });
	const topic = 'موضوع طويل جدًا 한국어 '.repeat(20).trim();
	const { raw } = await delivered(person, { ...aboutNews(person), values: { topic } });
	expect((await simpleParser(raw)).subject).toContain(topic);
	expect(
		Math.max(
			...raw
				.slice(0, raw.indexOf('\r\n\r\n'))
				.split('\r\n')
				.map(({ length }) => length)
		)
	).toBeLessThan(998);
});

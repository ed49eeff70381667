import { describe, expect, test } from 'vitest';
import { portalForTest } from '../../../../tests/support/portal-for-test.ts';
import { pages, type Template } from './letters.ts';
import { writeLetter } from './writing.ts';

const portal = portalForTest({ description: 'tests/support/third-organisation' });
const values = {
	code: '123456',
	count: 10,
	topic: 'Lecturas <b>',
	version: '2025',
	signedInAt: '2026-11-22T09:00:00.000Z',
	changedAt: '2026-11-22T09:00:00.000Z',
	expiresAt: '2026-11-23T09:00:00.000Z',
	eraseAt: '2026-11-29T09:00:00.000Z',
	effectiveOn: '2026-12-24',
	dueOn: '2026-12-12',
	programme: 'Readings',
	frequency: 'Twice a month',
	contact: '+34 910 000 000',
	settings: 'http://localhost:3000/messages',
	way: 'SMS'
};
const letter = (language: string) => ({
	to: 'alice@example.com',
	language,
	timeZone: 'Europe/Madrid',
	values
});

describe.each(['en', 'ko', 'es', 'ar'])('letters in %s', (language) => {
	test.each(Object.keys(pages) as Template[])('%s says everything it promises', (template) => {
		const { subject, text, html, sms } = writeLetter(portal.as(), template, letter(language));
		for (const part of [subject, text, html, sms]) {
			expect(part).not.toMatch(/\{\{|\}\}|\$t\(|undefined|mail:/);
			expect(part.trim()).not.toBe('');
		}
		expect(html).toContain(`lang="${language}"`);
		if (pages[template]) expect(text).toContain(`${pages[template]}?lang=${language}`);
	});
});

test('a mail asks nothing of anybody else', () => {
	const { html } = writeLetter(portal.as(), 'recovery-code', letter('en'));
	const links = [...html.matchAll(/(?:src|href|url)\s*[=(]\s*["']?([^"')\s>]+)/g)].map(([, url]) => url);
	expect(links.length).toBeGreaterThan(0);
	for (const url of links) expect(url).toMatch(/^http:\/\/localhost:3000\//);
	expect(html).not.toMatch(/<(img|link|script|iframe)/);
});

test('what a person wrote can not become markup', () => {
	const { html } = writeLetter(portal.as(), 'topic-sample', letter('en'));
	expect(html).toContain('<bdi>Lecturas &lt;b&gt;</bdi>');
	expect(html).not.toContain('Lecturas <b>');
});

test('a reader of Arabic reads from the right, and foreign names keep their own direction', () => {
	const { html, text } = writeLetter(portal.as(), 'request-answered', letter('ar'));
	expect(html).toContain('dir="rtl"');
	expect(text).toMatch(/\u2068[^\u2069]+\u2069/);
});

test('a message about a topic says how to stop it', () => {
	const unsubscribeUrl = 'http://localhost:3000/unsubscribe/token';
	const { text, html } = writeLetter(portal.as(), 'topic-sample', { ...letter('es'), unsubscribeUrl });
	expect(text).toContain(unsubscribeUrl);
	expect(html).toContain(`href="${unsubscribeUrl}"`);
	expect(text).toContain('Dejar de recibir');
});

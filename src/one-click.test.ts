import type { RequestEvent } from '@sveltejs/kit';
import { beforeEach, expect, test } from 'vitest';
import { alice } from '../tests/support/people.ts';
import { portalForTest } from '../tests/support/portal-for-test.ts';
import type { Person } from './lib/server/accounts/accounts.ts';
import * as preferences from './lib/server/preferences/preferences.ts';
import { oneClick } from './one-click.ts';

const portal = portalForTest({ description: 'examples/classerium' });
const route = '/(public)/unsubscribe/[token]';

let person: Person;
let link: URL;
beforeEach(async () => {
	person = await alice(portal.as(), { language: 'ko' });
	link = new URL(preferences.makeUnsubscribeUrl(portal.as(), person, 'email', 'news'));
});

/** What the hook hands over; `cookies` is left out on purpose, for nothing may touch them. */
function ask(url: URL, given: RequestInit = {}, id = route, ctx = portal.as()) {
	const request = new Request(url, { method: 'POST', ...given });
	const token = url.pathname.split('/').at(-1) ?? '';
	const locals = { ctx, address: '192.0.2.1' };
	return oneClick({ route: { id }, request, url, params: { token }, locals } as unknown as RequestEvent);
}
const origins = async () =>
	(await preferences.history(portal.as(), person.id, undefined, 10)).map(({ origin }) => origin);

test.each([
	['a form', { body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }) }],
	['nothing', {}],
	['no form', { body: '<xml/>', headers: { 'Content-Type': 'application/xml' } }],
	['a foreign origin', { headers: { Origin: 'https://mail.example.com', Accept: 'text/html' } }]
])('a mail program that posts %s stops the topic, in the language of the message', async (_, given) => {
	const answer = await ask(link, given);
	expect(answer?.status).toBe(200);
	expect(answer?.headers.get('location')).toBeNull();
	expect(await answer?.text()).toContain('처리했습니다');
	expect(await origins()).toEqual(['one-click']);
	expect(await (await ask(new URL(`${link.href}?lang=es`)))?.text()).toContain('Hecho');
	expect(await origins()).toEqual(['one-click']);
});

test('a look, a button of the page and another route are not a mail program’s', async () => {
	for (const method of ['GET', 'HEAD', 'OPTIONS']) expect(await ask(link, { method })).toBeUndefined();
	for (const action of ['stop', 'all', 'undo'])
		expect(await ask(new URL(`${link.href}?/${action}`))).toBeUndefined();
	expect(await ask(link, {}, '/(public)/contact')).toBeUndefined();
	expect(await origins()).toEqual([]);
});

test('whoever tries links is slowed down; a link of ours is taken all the same', async () => {
	const wrong = new URL('/unsubscribe/AAAA', link);
	const statuses = [];
	for (let tries = 0; tries < 61; tries++) statuses.push((await ask(wrong))?.status);
	expect(statuses.slice(0, 60)).toEqual(Array(60).fill(404));
	expect(statuses[60]).toBe(429);
	expect((await ask(wrong))?.headers.get('retry-after')).toMatch(/^\d+$/);
	for (let again = 0; again < 70; again++) expect((await ask(link))?.status).toBe(200);
	expect(await origins()).toEqual(['one-click']);
});

test('a topic that has gone is answered as well, and the no is kept', async () => {
	const organisation = structuredClone(portal.as().organisation);
	organisation.topics = organisation.topics.filter(({ id }) => id !== 'news');
	const answer = await ask(link, {}, route, { ...portal.as(), organisation });
	expect(answer?.status).toBe(200);
	expect(await answer?.text()).toContain('더 이상 보내지 않으므로');
	expect(await origins()).toEqual(['one-click']);
});

test('a topic that has become essential still comes: so it is said, and the no is kept for when it can be refused', async () => {
	const organisation = structuredClone(portal.as().organisation);
	const because = {
		en: 'The law says so.',
		ko: '법이 그렇게 정합니다.',
		es: 'Lo dice la ley.',
		ar: 'هكذا يقول القانون.'
	};
	organisation.topics = organisation.topics.map((topic) =>
		topic.id === 'news' ? { ...topic, essential: true, essentialBecause: because } : topic
	);
	const answer = await ask(link, {}, route, { ...portal.as(), organisation });
	expect(answer?.status).toBe(200);
	const said = await answer?.text();
	expect(said).toContain(because.ko);
	expect(said).not.toContain('더 이상 보내지 않습니다');
	expect(await origins()).toEqual(['one-click']);
});

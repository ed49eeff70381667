import { expect, test } from 'vitest';
import { isOwnPost } from './cross-site.ts';

const ours = 'https://privacy.example.com';
const post = (headers: Record<string, string>, method = 'POST') =>
	isOwnPost(new Request(ours, { method, headers }), ours);

test('a form of our own is taken', () => {
	expect(post({ Origin: ours })).toBe(true);
	expect(post({ 'Sec-Fetch-Site': 'same-origin' })).toBe(true);
	expect(post({ Origin: 'http://127.0.0.1:3000', 'Sec-Fetch-Site': 'same-origin' })).toBe(true);
	expect(post({ 'Sec-Fetch-Site': 'none' })).toBe(true);
});

test.each([
	{},
	{ Origin: 'null' },
	{ Origin: 'https://elsewhere.example' },
	{ Origin: 'https://evil.privacy.example.com', 'Sec-Fetch-Site': 'same-site' },
	{ Origin: `${ours}.elsewhere.example` },
	{ Origin: 'http://privacy.example.com' },
	{ Origin: 'https://elsewhere.example', 'Sec-Fetch-Site': 'cross-site' },
	{ Origin: 'https://elsewhere.example', 'Sec-Fetch-Site': 'none' },
	{ 'Sec-Fetch-Site': 'cross-site' },
	{ Referer: `${ours}/profile` }
])('a form that does not say that it is ours is refused: %j', (headers) => {
	for (const method of ['POST', 'PUT', 'PATCH', 'DELETE'])
		expect(post(headers as Record<string, string>, method)).toBe(false);
});

test('a look is free to everybody', () => {
	expect(post({ Origin: 'https://elsewhere.example' }, 'GET')).toBe(true);
});

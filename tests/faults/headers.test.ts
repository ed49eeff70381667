// What every answer of a running portal says, whoever made it. It needs a build.
import { expect, test } from 'vitest';
import { defaultHeaders } from '../../src/lib/server/platform/headers.ts';
import { startPortal } from '../support/running-portal.ts';

test('a redirect, a refusal, a page, a file and a problem all say what a browser must not do', async () => {
	const portal = await startPortal();
	try {
		const ask = (path: string, more: RequestInit = {}) =>
			fetch(portal.address + path, { redirect: 'manual', ...more });
		const foreign = {
			method: 'POST',
			headers: { Origin: 'https://elsewhere.example', 'Content-Type': 'application/x-www-form-urlencoded' }
		};
		const answers = {
			redirect: await ask('/profile'),
			refusal: await ask('/sign-in', foreign),
			page: await ask('/sign-in'),
			nothing: await ask('/x.css'),
			unreadable: await ask('/%E0%A4%A'),
			problem: await ask('/api/v1/nothing'),
			file: await ask('/enhance.js')
		};
		expect(Object.values(answers).map(({ status }) => status)).toEqual([303, 403, 200, 404, 400, 404, 200]);
		for (const [name, { headers }] of Object.entries(answers)) {
			expect(headers.get('x-content-type-options'), name).toBe('nosniff');
			expect(headers.get('referrer-policy'), name).toBe('strict-origin');
			expect(headers.get('content-security-policy'), name).toMatch(
				/^default-src 'none'(?!.*unsafe).*frame-ancestors 'none'/
			);
			expect(headers.get('cache-control'), name).toBe(name === 'file' ? null : 'no-store');
		}
	} finally {
		await portal.stop();
	}
});

test('over https a browser is told to come back by https only, over http it is not', () => {
	expect(defaultHeaders({ origin: 'https://privacy.example.com' }, '/')).toHaveProperty(
		'Strict-Transport-Security',
		expect.stringMatching(/max-age=31536000/)
	);
	expect(defaultHeaders({ origin: 'http://localhost:3000' }, '/')).not.toHaveProperty(
		'Strict-Transport-Security'
	);
});

import { expect, test } from 'vitest';
import { portalForTest } from '../../../../../tests/support/portal-for-test.ts';
import { POST } from './+server';

const portal = portalForTest({ description: 'tests/support/third-organisation' });
const translation = { t: (key: string, { count }: { count: number }) => `${key} ${count}` };

function tried(code: string): Promise<Response> {
	const body = new URLSearchParams({ code, format: 'jws' });
	const request = new Request('http://localhost:3000/claim/certificate', { method: 'POST', body });
	return POST({ request, locals: { ctx: portal.as(), address: '192.0.2.7', translation } } as never);
}

test('whoever tries codes at the certificate is told to wait after the twentieth', async () => {
	for (let tries = 0; tries < 20; tries++)
		await expect(tried(`wrong ${tries}`)).rejects.toMatchObject({ status: 404 });
	const response = await tried('x'.repeat(5_000));
	expect(response.status).toBe(429);
	expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
	expect(await response.text()).toContain('errors:refused.too-many-tries');
});

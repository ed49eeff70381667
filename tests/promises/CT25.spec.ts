// Third parties that got wrong data are told: by a signed call, and what each answered is shown to the person.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Webhook } from 'standardwebhooks';
import { bearer, candorOn, personOf } from '../support/operator.ts';
import { signIn } from '../support/personas.ts';
import { expect, test } from '../support/portal.ts';
import { startPortal, type RunningPortal } from '../support/running-portal.ts';
import { seedOf } from '../support/seeds.ts';
import { staffPage } from '../support/staff.ts';

interface Received {
	headers: Record<string, string>;
	body: string;
}

const received: Received[] = [];
const partner = createServer(async (request, response) => {
	let body = '';
	for await (const chunk of request) body += String(chunk);
	received.push({ headers: request.headers as Record<string, string>, body });
	response.writeHead(204).end();
});
const folder = mkdtempSync(join(tmpdir(), 'candor-ct25-'));
let portal: RunningPortal;

/** The example, in which the cloud that holds everything has a webhook. */
function describe(webhook: string): string {
	cpSync('examples/classting', folder, { recursive: true });
	const file = join(folder, 'organisation.yaml');
	const yaml = readFileSync(file, 'utf8');
	writeFileSync(
		file,
		yaml.replace('  - id: hanul-cloud\n', `  - id: hanul-cloud\n    webhook: ${webhook}\n`)
	);
	return folder;
}

test.beforeAll(async () => {
	await new Promise<void>((ready) => void partner.listen(0, '127.0.0.1', ready));
	const settings = {
		CANDOR_DESCRIPTION: describe(`http://127.0.0.1:${(partner.address() as AddressInfo).port}/hook`),
		CANDOR_WEBHOOKS_PRIVATE: '1'
	};
	const from = seedOf('classting');
	portal = await startPortal({ settings, ...(from && { from }) });
});
test.afterAll(async () => {
	await portal.stop();
	partner.close();
	rmSync(folder, { recursive: true, force: true });
});

test('whoever got the wrong value hears the right one, and Minjun reads that they did', async ({
	browser
}) => {
	const context = await browser.newContext({ baseURL: portal.address, locale: 'en-GB' });
	const page = await context.newPage();
	const field = 'profile.introduction';
	const { externalId } = await personOf(portal, 'classting', 'minjun');
	await page.request.post('/api/v1/disclosures', {
		headers: bearer(portal, 'classting', 'disclosures:write'),
		data: { person: externalId, partner: 'hanul-cloud', purpose: 'service', fields: [field] }
	});

	await signIn(page, 'minjun', `/corrections/new?field=${field}&lang=en`);
	await page.locator('textarea[name="wrong"]').fill('I never played chess.');
	await page.locator('[name="right"]').fill('I play go.');
	await page.locator('form:has(textarea[name="wrong"]) [type="submit"]').click();
	await page.waitForURL(/done=opened/);
	await expect.poll(() => received.length, { timeout: 20_000 }).toBe(1);
	const address = new URL(page.url()).pathname;

	const officer = await staffPage(browser, portal, 'officer-yoo');
	await officer.goto('/staff/corrections');
	await officer.getByRole('link', { name: 'About me' }).click();
	await officer.locator('input[name="decision"][value="accepted"]').check();
	await officer.locator('textarea[name="reason"]').fill('Asked the class teacher.');
	await officer.locator('main form [type="submit"]').click();
	await expect(officer.getByRole('status')).toContainText('The person has been told');
	await officer.context().close();

	await page.goto(address);
	await expect(page.locator('main')).toContainText('Asked the class teacher.');
	await expect(page.locator('main')).toContainText('the restriction ends');
	expect(received).toHaveLength(1);
	portal.clock.pass(25, 'hours');
	await expect.poll(() => received.length, { timeout: 20_000 }).toBe(2);
	const [, { headers, body }] = received as [Received, Received];
	expect(JSON.parse(body)).toMatchObject({
		type: 'correction.decided',
		data: { externalId, field, decision: 'accepted', value: 'I play go.' }
	});
	const secret = candorOn(portal, 'classting', 'webhook-secret', 'hanul-cloud').trim();
	const signed = new Webhook(secret).sign(
		headers['webhook-id'] as string,
		new Date(Number(headers['webhook-timestamp']) * 1_000),
		body
	);
	expect(headers['webhook-signature']).toBe(signed);

	await page.goto(address);
	await expect(page.locator('#told')).toContainText(/Hanul Cloud.*has confirmed/s);
	await expect(page.locator('main')).toContainText('The restriction ended');
	await context.close();
});

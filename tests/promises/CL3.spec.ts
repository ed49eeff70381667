// Nothing goes to third parties without permission or a law: the organisation's systems ask, and are refused with a reason.
import { offered } from '../support/offered.ts';
import { bearer, personOf } from '../support/operator.ts';
import { expect, test } from '../support/portal.ts';

test.use({ example: 'classerium', ownPortal: true });

test('what Alice has not allowed is refused, and she can see that somebody tried', async ({
	page,
	portal,
	request,
	signInAs
}) => {
	const { externalId: person } = await personOf(portal, 'classerium', 'alice@example.com');
	const headers = bearer(portal, 'classerium', 'disclosures:write');
	const ask = (data: object) => request.post('/api/v1/disclosures', { headers, data: { person, ...data } });
	const facebook = { partner: 'facebook-sign-in', purpose: 'connected-accounts' };

	await signInAs('alice', '/sharing/facebook-sign-in?lang=en');
	const consent = page.locator('#consent');
	const take = consent.getByRole('button', { name: /^Take back/ });
	if (await take.count()) await take.click();
	const fields = offered('classerium', 'facebook-sign-in', 'subscriber');
	const refused = await ask({ ...facebook, fields });
	expect(refused.status()).toBe(403);
	const problem = (await refused.json()) as { detail: string; fields: { code: string }[] };
	expect(problem.fields.map(({ code }) => code)).toEqual(
		fields.map(() => expect.stringMatching(/^consent-/))
	);
	await page.goto('/activity');
	await expect(page.locator('main ol li').first()).toContainText('was refused');

	await page.goto('/sharing/facebook-sign-in');
	await consent.getByRole('button', { name: /^Agree/ }).click();
	const released = await ask({ ...facebook, fields });
	expect(released.status()).toBe(201);
	expect(await released.json()).toMatchObject({ recorded: 'released', basis: 'consent', released: fields });
	const past = await ask({ ...facebook, fields, at: '2020-01-01T00:00:00Z' });
	expect(await past.json()).toMatchObject({ recorded: 'afterwards', consentVersion: null });
	await page.reload();
	await expect(page.locator('#ledger tbody tr').first()).not.toContainText('Reported later');
	await page.goto('/sharing/facebook-sign-in?to=2020-01-02#ledger');
	await expect(page.locator('#ledger tbody tr').first()).toContainText('Without an agreement of yours');
});

test('an authority gets something for a named case only', async ({ page, portal, request, signInAs }) => {
	const { externalId: person } = await personOf(portal, 'classerium', 'alice@example.com');
	const headers = bearer(portal, 'classerium', 'disclosures:write');
	const fields = offered('classerium', 'authorities', 'subscriber').slice(0, 1);
	const demand = { person, partner: 'authorities', purpose: 'legal-demands', fields };
	const unnamed = await request.post('/api/v1/disclosures', { headers, data: demand });
	expect([unnamed.status(), await unnamed.text()]).toEqual([
		403,
		expect.stringContaining('reference-required')
	]);
	const data = { ...demand, reference: 'Court of Lisbon 12/26' };
	expect((await request.post('/api/v1/disclosures', { headers, data })).status()).toBe(201);
	await signInAs('alice', '/sharing/authorities?lang=en');
	await expect(page.locator('#ledger tbody tr').first()).toContainText('Court of Lisbon 12/26');
});

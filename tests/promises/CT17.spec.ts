// Research gets class data only after the school or the teacher agreed: without naming that agreement it is refused.
import { offered } from '../support/offered.ts';
import { bearer, personOf } from '../support/operator.ts';
import { expect, test } from '../support/portal.ts';

test.use({ example: 'classting', ownPortal: true });

test('a study names the agreement of the school, and Minjun reads it with the transfer', async ({
	page,
	portal,
	request,
	signInAs
}) => {
	const { externalId: person } = await personOf(portal, 'classting', 'minjun@example.com');
	const headers = bearer(portal, 'classting', 'disclosures:write');
	const fields = offered('classting', 'saessak-institute', 'student').slice(0, 1);
	const study = { person, partner: 'saessak-institute', purpose: 'research', fields };
	const ask = (data: object) => request.post('/api/v1/disclosures', { headers, data });

	await signInAs('minjun', '/sharing/saessak-institute?lang=en');
	const agree = page.locator('#consent').getByRole('button', { name: /^Agree/ });
	if (await agree.count()) await agree.click();
	const unnamed = await ask(study);
	expect([unnamed.status(), await unnamed.text()]).toEqual([
		403,
		expect.stringContaining('agreement-required')
	]);
	expect((await ask({ ...study, reference: 'School agreement 2026-41' })).status()).toBe(201);
	await page.reload();
	await expect(page.locator('#ledger tbody tr').first()).toContainText('School agreement 2026-41');
	await page.goto('/consents');
	await expect(page.locator('#consent-saessak-institute')).toContainText(
		'each transfer names the agreement of the school or teacher'
	);
});

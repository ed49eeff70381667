// Data under correction is not used or disclosed: whoever asks hears "restricted", from the moment the person says so.
import { expectAccessible } from '../support/axe.ts';
import { bearer, personOf } from '../support/operator.ts';
import { expect, test } from '../support/portal.ts';

test.use({ ownPortal: true });

const field = 'profile.introduction';

test('what Minjun contests goes to nobody and is shown to nobody until it is decided', async ({
	page,
	portal,
	signInAs
}) => {
	const { externalId } = await personOf(portal, 'classting', 'minjun');
	const headers = bearer(portal, 'classting', 'profile:read', 'disclosures:write');
	const shown = async () => {
		const answer = await page.request.get(`/api/v1/people/${externalId}/profile?viewer=members`, { headers });
		return ((await answer.json()) as { fields: Record<string, unknown> }).fields[field];
	};
	const passOn = (fields: string[]) =>
		page.request.post('/api/v1/disclosures', {
			headers,
			data: { person: externalId, partner: 'hanul-cloud', purpose: 'service', fields }
		});
	expect(await shown()).toHaveProperty('value');
	expect((await passOn([field])).status()).toBe(201);

	await signInAs('minjun', '/profile?lang=en');
	await page.locator(`a[href$="corrections/new?field=${field}"]`).click();
	await page.locator('form:has(textarea[name="wrong"]) [type="submit"]').click();
	await expect(page.locator('#wrong-error')).toBeVisible();
	await expectAccessible(page);
	await page.locator('textarea[name="wrong"]').fill('Somebody else wrote this.');
	await page.locator('form:has(textarea[name="wrong"]) [type="submit"]').click();
	await expect(page.getByRole('status')).toContainText('used for nothing');
	await expectAccessible(page);

	expect(await shown()).toEqual({ restricted: true });
	const refused = await passOn([field, 'account.name']);
	expect(refused.status()).toBe(403);
	expect(await refused.json()).toMatchObject({ fields: [{ field, code: 'field-restricted' }] });
	await page.goto('/profile/as?viewer=members&lang=en');
	await expect(page.locator('main')).toContainText('Under correction');
	await page.goto('/activity');
	await expect(page.locator('main ol')).toContainText('A correction was opened: About me');
});

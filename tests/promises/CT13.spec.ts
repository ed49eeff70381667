// Name and picture are visible; the rest as one sets it, and the organisation's systems show what the page shows.
import { expectAccessible } from '../support/axe.ts';
import { bearer, personOf } from '../support/operator.ts';
import { expect, test } from '../support/portal.ts';

test.use({ ownPortal: true });

test('teacher Kim decides who sees what, sees it as others do, and so does the API', async ({
	page,
	portal,
	signInAs
}) => {
	const { externalId } = await personOf(portal, 'classting', 'teacher-kim');
	const headers = bearer(portal, 'classting', 'profile:read');
	const asked = async (viewer: string) => {
		const answer = await page.request.get(`/api/v1/people/${externalId}/profile?viewer=${viewer}`, {
			headers
		});
		expect(answer.status()).toBe(200);
		return Object.keys(((await answer.json()) as { fields: object }).fields);
	};
	await signInAs('teacher-kim', '/profile/visibility?lang=en');
	await expectAccessible(page);
	await expect(page.locator('select[name="account.name"]')).toHaveCount(0);
	await expect(page.locator('#fixed')).toContainText('Name');
	await page.locator('select[name="profile.introduction"]').selectOption('nobody');
	await page.locator('select[name="account.email"]').selectOption('members');
	await page.locator('form:has(select) [type="submit"]').click();
	await expect(page.getByRole('status')).toContainText('saved');

	expect(await asked('everyone')).toEqual([]);
	const members = await asked('members');
	expect(members).toContain('account.name');
	expect(members).toContain('account.email');
	expect(members).not.toContain('profile.introduction');
	expect(await asked('owner')).toContain('profile.introduction');

	await page.goto('/profile/as?viewer=members');
	await expectAccessible(page);
	await expect(page.locator('main dl')).toContainText('teacher-kim@example.com');
	await expect(page.locator('main dl')).not.toContainText('About me');
	await page.goto('/profile/as?viewer=everyone');
	await expect(page.locator('main')).toContainText('Nothing is shown');
});

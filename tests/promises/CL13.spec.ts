// Each purpose names its ground; where that is an interest of the organisation one can object, and systems hear no.
import { expectAccessible } from '../support/axe.ts';
import { bearer, personOf } from '../support/operator.ts';
import { expect, test } from '../support/portal.ts';

test.use({ example: 'classerium', ownPortal: true });

test('Alice objects to a purpose, its systems hear no, and she can take it back', async ({
	page,
	portal,
	signInAs
}) => {
	const { externalId } = await personOf(portal, 'classerium', 'alice');
	const headers = bearer(portal, 'classerium', 'purposes:read');
	const answer = async () => {
		const asked = await page.request.get(`/api/v1/people/${externalId}/purposes`, { headers });
		return ((await asked.json()) as { purposes: Record<string, unknown> }).purposes['improvement'];
	};
	expect(await answer()).toMatchObject({ allowed: true, because: 'legitimate-interests' });
	await signInAs('alice', '/purposes?lang=en');
	await expectAccessible(page);
	const purpose = page.locator('#improvement');
	await expect(purpose).toContainText('legitimate interests');
	await expect(purpose).toContainText('Without it:');
	await purpose.getByRole('button').click();
	await expect(page.getByRole('status')).toContainText('Off, from now on');
	await expect(purpose).toContainText('You objected');
	expect(await answer()).toMatchObject({ allowed: false, because: 'objected' });

	await purpose.getByRole('button').click();
	expect(await answer()).toMatchObject({ allowed: true });
	await expect(page.locator('#others')).toContainText('A law demands it');
	await page.goto('/activity');
	await expect(page.locator('main ol')).toContainText('You objected to:');
});

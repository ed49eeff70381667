// Marketing, statistics and advertising by them each have a switch; what is off is off for every system that asks.
import { bearer, personOf } from '../support/operator.ts';
import { expect, test } from '../support/portal.ts';

test.use({ ownPortal: true });

const purposes = ['marketing', 'analytics', 'statistical-advertising'];

test('teacher Kim switches each on and off alone, and the API answers so', async ({
	page,
	portal,
	signInAs
}) => {
	const { externalId } = await personOf(portal, 'classting', 'teacher-kim');
	const headers = bearer(portal, 'classting', 'purposes:read');
	const allowed = async () => {
		const asked = await page.request.get(`/api/v1/people/${externalId}/purposes`, { headers });
		const answers = ((await asked.json()) as { purposes: Record<string, { allowed: boolean }> }).purposes;
		return purposes.filter((purpose) => answers[purpose]?.allowed);
	};
	await signInAs('teacher-kim', '/purposes?lang=en');
	for (const purpose of purposes) {
		const to = page.locator(`#${purpose} button[name="to"]`);
		if ((await to.getAttribute('value')) === 'on') await to.click();
	}
	expect(await allowed()).toEqual(purposes);
	for (const [index, purpose] of purposes.entries()) {
		await page.locator(`#${purpose} button[name="to"][value="off"]`).click();
		await expect(page.locator(`#${purpose}`)).toContainText('You switched it off');
		expect(await allowed()).toEqual(purposes.slice(index + 1));
	}
});

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
	// A browser that says "do not sell or share" turns off what nobody said yes to, wherever it goes.
	await signInAs('minjun', '/cookies?lang=en');
	const signalled = await page.request.get('/profile', { headers: { 'Sec-GPC': '1' } });
	expect(signalled.headers()['vary']).toContain('Sec-GPC');
	await page.goto('/purposes');
	await expect(page.locator('#statistical-advertising')).toContainText(
		'Your browser’s signal switched it off'
	);
	await expect(page.locator('#marketing')).not.toContainText('Your browser’s signal');
});

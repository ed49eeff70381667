// Data is used for registered purposes only: each kind names them, and a use for anything else is refused.
import { expectAccessible } from '../support/axe.ts';
import { categoriesFor, describedBy } from '../support/described.ts';
import { descriptionForTest } from '../support/description.ts';
import { bearer, check, personOf } from '../support/operator.ts';
import { expect, test } from '../support/portal.ts';
import { fieldsGiven } from '../../src/lib/server/organisation/lookup.ts';

test.use({ example: 'classerium' });

const organisation = describedBy('classerium');

test('each kind of data names its purposes, and each of them is in the register', async ({
	page,
	signInAs
}) => {
	const register = new Map(organisation.purposes.map(({ id, label }) => [id, label['en'] as string]));
	await signInAs('alice', '/?lang=en');
	for (const { id } of categoriesFor('classerium', 'subscriber')) {
		const purposes = organisation.categories.find((category) => category.id === id)?.purposes ?? [];
		expect(purposes.length, id).toBeGreaterThan(0);
		await page.goto(`/data/${id}`);
		for (const purpose of purposes)
			await expect(page.locator('#facts')).toContainText(register.get(purpose) as string);
	}
});

test('everybody who receives data stands under a purpose', async ({ page }) => {
	await page.goto('/partners?lang=en');
	await expectAccessible(page);
	for (const { id, purpose } of organisation.partners)
		await expect(page.locator(`#purpose-${purpose} #partner-${id}`)).toBeVisible();
});

test('handing data on for a purpose that is not registered, or not the partner’s, is refused and leaves no trace', async ({
	page,
	portal,
	request,
	signInAs
}) => {
	const { externalId } = await personOf(portal, 'classerium', 'alice@example.com');
	const headers = bearer(portal, 'classerium', 'disclosures:write');
	const [partner, category] = organisation.partners
		.flatMap((partner) => organisation.categories.map((category) => [partner, category] as const))
		.find(
			([partner, category]) => !partner.consent && fieldsGiven(partner, category, 'subscriber').length > 0
		) as [(typeof organisation.partners)[number], (typeof organisation.categories)[number]];
	const fields = [`${category.id}.${fieldsGiven(partner, category, 'subscriber')[0]?.id}`];
	const other = organisation.purposes.find(({ id }) => id !== partner.purpose)?.id as string;
	await signInAs('alice', '/sharing?lang=en');
	const before = await page.locator('#ledger, main').first().textContent();
	for (const [purpose, code] of [
		['selling-to-the-highest-bidder', 'purpose-unknown'],
		[other, 'purpose-not-of-partner']
	] as const) {
		const answer = await request.post('/api/v1/disclosures', {
			headers: { ...headers, 'Idempotency-Key': `for-${purpose}` },
			data: { person: externalId, partner: partner.id, fields, purpose }
		});
		expect(answer.status(), await answer.text()).toBe(403);
		expect(await answer.text()).toContain(code);
	}
	await page.reload();
	expect(await page.locator('#ledger, main').first().textContent()).toBe(before);
	const registered = await request.post('/api/v1/disclosures', {
		headers: { ...headers, 'Idempotency-Key': 'registered' },
		data: { person: externalId, partner: partner.id, fields, purpose: partner.purpose }
	});
	expect(registered.status(), await registered.text()).toBe(201);
});

test('a description that uses an unregistered purpose does not load', () => {
	const description = descriptionForTest();
	const purpose = /purposes: \[([a-z-]+)/.exec(description.read('organisation.yaml'))?.[1] as string;
	description.edit('organisation.yaml', `purposes: [${purpose}`, 'purposes: [nobody-registered-this');
	const { code, said } = check(description.folder);
	description.remove();
	expect(code).toBe(1);
	expect(said).toMatch(/organisation\.yaml:\d+ .*nobody-registered-this/);
});

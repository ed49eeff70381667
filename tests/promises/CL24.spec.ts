// A fee is never asked in Europe or California, and otherwise said first. That no description can ask for one there is a
// property test (src/lib/server/requests/fees.test.ts); here is what a person reads before they ask.
import { expectAccessible } from '../support/axe.ts';
import { expect, test } from '../support/portal.ts';

test.use({ example: 'classerium' });

for (const name of ['alice', 'carla'] as const)
	test(`${name} reads before asking that it is free`, async ({ page, signInAs }) => {
		await signInAs(name, '/requests/new?lang=en');
		await expect(page.locator('form:has(textarea)')).toContainText('Asking is free.');
		await expect(page.locator('main')).not.toContainText(/[$€]\s?\d/);
		await expectAccessible(page);
	});

// The sign-up and profile data of the school app, role, device and subscribed classes: all of it, for each role.
import { expectAccessible } from '../support/axe.ts';
import { categoriesFor } from '../support/described.ts';
import { expect, test } from '../support/portal.ts';

// Many pages, each looked at closely: more than a busy machine does in a minute.
test.slow();

for (const [name, role] of [
	['minjun', 'student'],
	['teacher-kim', 'teacher'],
	['parent-park', 'parent']
] as const)
	test(`a ${role} finds every kind of data and every field of it`, async ({ page, signInAs }) => {
		await signInAs(name, '/data?lang=en');
		const described = categoriesFor('classting', role);
		await expect(page.locator('main article h3 a')).toHaveCount(described.length);
		await expectAccessible(page);
		for (const { id, label, fields } of described) {
			await page.goto(`/data/${id}`);
			await expect(page.getByRole('heading', { level: 1 })).toHaveText(label);
			const isEmpty = (await page.locator('#records table, #values').count()) === 0;
			for (const field of isEmpty ? [] : fields)
				await expect(page.locator('#values, #records')).toContainText(field.label);
		}
	});

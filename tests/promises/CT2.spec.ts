// A significant change comes with 14 days' notice; that it is one is computed; and everybody who was there is told, once.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expectAccessible } from '../support/axe.ts';
import { check } from '../support/operator.ts';
import { password } from '../support/personas.ts';
import { expect, test } from '../support/portal.ts';

/** What `candor check` says of Classting when its class lists go to the mailing service too, and how a version says so. */
function checkWith(version: { effective: string; significant: boolean; introduces: string } | undefined) {
	const folder = mkdtempSync(join(tmpdir(), 'candor-significant-'));
	try {
		cpSync('examples/classting', folder, { recursive: true });
		const file = join(folder, 'organisation.yaml');
		const partner = /( {2}- id: paper-plane\n[^]*?fields:\n)/;
		writeFileSync(file, readFileSync(file, 'utf8').replace(partner, '$1      - category: classes\n'));
		if (version) {
			const place = join(folder, `policies/${version.effective}`);
			cpSync(join(folder, 'policies/2016-06-24'), place, { recursive: true });
			const lines = [
				'announced: 2026-11-01',
				`effective: ${version.effective}`,
				`significant: ${version.significant}`,
				'summary: { en: Longer., ko: 길게 고침., es: Más larga., ar: أطول. }',
				version.introduces,
				'invented: true'
			];
			writeFileSync(join(place, 'meta.yaml'), `${lines.join('\n')}\n`);
		}
		return check(folder);
	} finally {
		rmSync(folder, { recursive: true });
	}
}

const introduces =
	'introduces: { partners: { paper-plane: [classes.className, classes.school, classes.joinedOn] } }';

test('what a partner newly receives needs a version that says so, is significant, and leaves 14 days', () => {
	const silent = checkWith(undefined);
	expect(silent).toMatchObject({ code: 1 });
	expect(silent.said).toMatch(/organisation\.yaml:\d+ .*No version of the policy introduces/);
	expect(silent.said).toContain('paper-plane: [classes.className, classes.school, classes.joinedOn]');

	const small = checkWith({ effective: '2026-11-15', significant: false, introduces });
	expect(small).toMatchObject({ code: 1 });
	expect(small.said).toMatch(/meta\.yaml:3 .*so it is significant[^]*significant: true/);

	const early = checkWith({ effective: '2026-11-14', significant: true, introduces });
	expect(early).toMatchObject({ code: 1 });
	expect(early.said).toContain('2026-11-15');
	expect(checkWith({ effective: '2026-11-15', significant: true, introduces })).toMatchObject({ code: 0 });
});

test.describe('on the day of the announcement', () => {
	test.use({ ownPortal: true, startsAt: '2016-06-15T09:00:00.000Z' });

	test('Minjun gets one mail, and staff see how many were told', async ({
		page,
		portal,
		mailbox,
		signInAs
	}) => {
		portal.clock.set('2016-06-17T09:00:00.000Z');
		const mail = await mailbox.next('minjun@example.com', /2016-06-24/);
		expect(mail.text).toContain('/policy/2016-06-24');
		await page.goto('/staff/sign-in?lang=en');
		await page.locator('input[name="id"]').fill('officer-yoo');
		await page.locator('input[name="password"]').fill(password);
		await page.locator('main form [type="submit"]').first().click();
		await page.goto('/staff/policies');
		await expect(async () => {
			await page.reload();
			await expect(page.locator('main')).toContainText(/Delivered\s*[1-9]/, { timeout: 500 });
		}).toPass();
		await expect(page.locator('main')).toContainText('before this portal first ran');
		await expectAccessible(page);
		await page.getByRole('link', { name: 'Who was told' }).click();
		await expect(page.locator('main')).not.toContainText('minjun');
		await expect(page.locator('main tbody tr').first()).toBeVisible();
		await expectAccessible(page);
		await page.context().clearCookies();
		await signInAs('minjun', '/activity?lang=en');
		await expect(page.locator('main')).toContainText('You were told of the policy of June 24, 2016');
		portal.clock.pass(1, 'days');
		await page.goto('/policy?lang=en');
		expect(
			(await mailbox.messages('minjun@example.com')).filter(({ text }) => text.includes('2016-06-24'))
		).toHaveLength(1);
	});
});

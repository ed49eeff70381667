// A change is announced at least seven days ahead: a version with less notice cannot be published, and the days are shown.
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expectAccessible } from '../support/axe.ts';
import { describedBy } from '../support/described.ts';
import { check } from '../support/operator.ts';
import { expect, test } from '../support/portal.ts';

/** What `candor check` says of Classting with one more version of its policy. */
function checkWith(
	announced: string,
	effective: string,
	significant = false
): { code: number | null; said: string } {
	const folder = mkdtempSync(join(tmpdir(), 'candor-notice-'));
	try {
		cpSync('examples/classting', folder, { recursive: true });
		const former = join(folder, 'policies/2016-06-24');
		const version = join(folder, `policies/${effective}`);
		cpSync(former, version, { recursive: true });
		const told = '{ en: Shorter., ko: 짧게 고침., es: Más breve., ar: أقصر. }';
		const lines = [
			`announced: ${announced}`,
			`effective: ${effective}`,
			`significant: ${significant}`,
			`summary: ${told}`,
			`changes: [${told}]`,
			'invented: true'
		];
		writeFileSync(join(version, 'meta.yaml'), `${lines.join('\n')}\n`);
		return check(folder);
	} finally {
		rmSync(folder, { recursive: true });
	}
}

test('six days are too few, and it is said what to write', () => {
	const { code, said } = checkWith('2026-11-01', '2026-11-07');
	expect(code).toBe(1);
	expect(said).toMatch(/policies\/2026-11-07\/meta\.yaml:\d+ .*7/);
	expect(said).toContain('2026-11-08');
});

test('seven days are enough for a small change, not for one that matters', () => {
	expect(checkWith('2026-11-01', '2026-11-08')).toMatchObject({ code: 0 });
	expect(checkWith('2026-11-01', '2026-11-08', true)).toMatchObject({ code: 1 });
	expect(checkWith('2026-11-01', '2026-11-15', true)).toMatchObject({ code: 0 });
});

test('the page shows when it was announced and from when it counts, and they keep the distance', async ({
	page
}) => {
	await page.goto('/policy?lang=en');
	await expect(page.locator('main')).toContainText('June 17, 2016');
	await expect(page.locator('main')).toContainText('June 24, 2016');
	await expectAccessible(page);
	for (const { announced, effective } of describedBy('classting').policies.versions)
		expect((Date.parse(effective) - Date.parse(announced)) / 86_400_000).toBeGreaterThanOrEqual(7);
});

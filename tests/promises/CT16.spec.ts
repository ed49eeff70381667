// A partner that needs other data asks anew; what is new is not passed on before.
import type { Page } from '@playwright/test';
import { copyFileSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectFolder } from '../../src/lib/server/platform/project-folder.ts';
import { expectAccessible } from '../support/axe.ts';
import { bearer, personOf } from '../support/operator.ts';
import { password } from '../support/personas.ts';
import { expect, test } from '../support/portal.ts';
import { startPortal } from '../support/running-portal.ts';
import { seedOf } from '../support/seeds.ts';

const example = join(projectFolder, 'examples/classting');

/** The example, before Bookpath asked for the classes. */
function shorterList(): string {
	const folder = join(mkdtempSync(join(tmpdir(), 'candor-description-')), 'classting');
	cpSync(example, folder, { recursive: true });
	const file = join(folder, 'organisation.yaml');
	const text = readFileSync(file, 'utf8');
	const shorter = text.replace(/(- id: bookpath[^]*?field: picture \})\n +- \{ category: classes \}/, '$1');
	expect(shorter).not.toBe(text);
	writeFileSync(file, shorter);
	return folder;
}

test('Minjun is asked again about Bookpath, and his old agreement never lets the new fields out', async ({
	page,
	request
}) => {
	const folder = shorterList();
	const from = seedOf('classting');
	const portal = await startPortal({ settings: { CANDOR_DESCRIPTION: folder }, ...(from && { from }) });
	try {
		const { externalId: person } = await personOf(portal, 'classting', 'minjun@example.com');
		const headers = bearer(portal, 'classting', 'disclosures:write');
		const ask = async (...fields: string[]) => {
			const data = { person, partner: 'bookpath', purpose: 'partner-services', fields };
			const answer = await request.post(`${portal.address}/api/v1/disclosures`, { headers, data });
			return { status: answer.status(), ...((await answer.json()) as object) };
		};
		await letInAt(page, portal.address, '/sharing/bookpath?lang=en');
		const consent = page.locator('#consent');
		if (await consent.getByRole('button', { name: /^Take back/ }).count())
			await consent.getByRole('button', { name: /^Take back/ }).click();
		await consent.getByRole('button', { name: /^Agree/ }).click();
		expect(await ask('account.username')).toMatchObject({ status: 201 });

		await portal.restart(() =>
			copyFileSync(join(example, 'organisation.yaml'), join(folder, 'organisation.yaml'))
		);
		expect(await ask('classes.school')).toMatchObject({
			status: 403,
			fields: [{ field: 'classes.school', code: 'field-not-agreed' }]
		});
		expect(await ask('account.username')).toMatchObject({ status: 201 });

		await page.goto(`${portal.address}/?lang=en`);
		await expect(page.locator('main')).toContainText('Bookpath asks for more than was agreed to');
		await page.getByRole('link', { name: 'Decide: Bookpath' }).click();
		await expect(consent).toContainText('New on the list, and not passed on until you agree');
		await expectAccessible(page);
		await consent.getByRole('button', { name: /^Agree to the new list/ }).click();
		expect(await ask('classes.school')).toMatchObject({ status: 201 });
	} finally {
		await portal.stop();
		rmSync(join(folder, '..'), { recursive: true, force: true });
	}
});

async function letInAt(page: Page, address: string, next: string): Promise<void> {
	const form = { identifier: 'minjun', password };
	const answer = await page.request.post(`${address}/sign-in`, {
		form,
		headers: { Origin: address, Accept: 'text/html' },
		maxRedirects: 0
	});
	expect(answer.status()).toBe(303);
	await page.goto(address + next);
}

// Questions are answered by somebody: both sides write into one thread, each with its time, and the answer is announced.
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { lookUp } from '../../src/lib/server/accounts/accounts.ts';
import { find } from '../../src/lib/server/accounts/people.ts';
import { readSettings } from '../../src/lib/server/platform/settings.ts';
import { openPortal } from '../../src/lib/server/portal.ts';
import { expect, test } from '../support/portal.ts';
import type { RunningPortal } from '../support/running-portal.ts';
import { processEnvironment } from '../support/process-environment.ts';

test.use({ example: 'classerium', ownPortal: true });

const root = fileURLToPath(new URL('../..', import.meta.url));

const settingsOf = ({ dataFolder, clock }: RunningPortal) => ({
	...processEnvironment,
	CANDOR_DEMONSTRATION: '1',
	CANDOR_DESCRIPTION: 'examples/classerium',
	CANDOR_DATA: dataFolder,
	CANDOR_CLOCK_FILE: clock.file
});

/** What the organisation knows her by, in its own books. */
async function externalIdOf(portal: RunningPortal, identifier: string): Promise<string> {
	const settings = readSettings(settingsOf(portal));
	if ('problems' in settings) throw new Error(JSON.stringify(settings.problems));
	const opened = await openPortal(settings);
	try {
		const ctx = opened.contextFor('portal');
		const found = await lookUp(ctx, identifier);
		return (await find(ctx, found?.personId as string))?.externalId as string;
	} finally {
		await opened.close();
	}
}

test('Alice asks, is answered, and both can be read with their times', async ({
	page,
	portal,
	mailbox,
	signInAs
}) => {
	await signInAs('alice', '/requests/new?kind=question');
	await page.locator('textarea[name="text"]').fill('Why do you keep my country?');
	await page.locator('form:has(textarea[name="text"]) [type="submit"]').click();
	await expect(page.locator('main')).toContainText('Waiting for an answer');
	await mailbox.next('alice@example.com');

	const id = new URL(page.url()).pathname.split('/').at(-1) as string;
	const given = [await externalIdOf(portal, 'alice@example.com'), id, 'Because taxes depend on it.'];
	execFileSync(process.execPath, ['src/command/candor.ts', 'answer-request', ...given], {
		cwd: root,
		env: settingsOf(portal)
	});
	await mailbox.next('alice@example.com');
	await page.goto(`/requests/${id}`);
	await expect(page.locator('#thread ol li')).toHaveText([
		/You.*Why do you keep my country\?/s,
		/Classerium.*Because taxes depend on it\./s
	]);
	await expect(page.locator('#thread time')).toHaveCount(2);
	await page.goto('/activity');
	await expect(page.locator('main')).toContainText('A request was answered');
});

test('nobody else reads the thread', async ({ page, signInAs }) => {
	await signInAs('alice', '/requests/new?kind=question');
	await page.locator('textarea[name="text"]').fill('A question of my own');
	await page.locator('form:has(textarea[name="text"]) [type="submit"]').click();
	await expect(page.locator('#thread')).toContainText('A question of my own');
	const mine = new URL(page.url()).pathname;
	await page.context().clearCookies();
	await signInAs('omar', '/requests');
	expect((await page.request.get(mine)).status()).toBe(404);
	await expect(page.locator('main')).not.toContainText('A question');
});

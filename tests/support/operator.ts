// What the organisation does beside the pages: its commands and its API, on a portal that runs.
import { execFileSync, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { find, type Person } from '../../src/lib/server/accounts/people.ts';
import { lookUp } from '../../src/lib/server/accounts/accounts.ts';
import { readSettings } from '../../src/lib/server/platform/settings.ts';
import { openPortal } from '../../src/lib/server/portal.ts';
import type { Example, RunningPortal } from './running-portal.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const candor = ['src/command/candor.ts'];

const settingsOf = ({ dataFolder, clock }: RunningPortal, example: Example) => ({
	PATH: process.env['PATH'],
	CANDOR_DEMONSTRATION: '1',
	CANDOR_DESCRIPTION: `examples/${example}`,
	CANDOR_DATA: dataFolder,
	CANDOR_CLOCK_FILE: clock.file
});

/** Runs `candor …` on the portal's data; answers what it printed. */
export const candorOn = (portal: RunningPortal, example: Example, ...args: string[]): string =>
	execFileSync(process.execPath, [...candor, ...args], {
		cwd: root,
		env: settingsOf(portal, example),
		encoding: 'utf8'
	});

/** `candor check <folder>`: how it ended and what it said. */
export function check(folder: string): { code: number | null; said: string } {
	const { status, stdout, stderr } = spawnSync(process.execPath, [...candor, 'check', folder], {
		cwd: root,
		env: { PATH: process.env['PATH'] },
		encoding: 'utf8'
	});
	return { code: status, said: stdout + stderr };
}

/** A token of the API with these scopes, as the header that carries it. */
export function bearer(
	portal: RunningPortal,
	example: Example,
	...scopes: string[]
): { authorization: string } {
	const { token } = JSON.parse(
		candorOn(portal, example, '--json', 'token', 'add', 'test', '--scope', ...scopes)
	) as { token: string };
	return { authorization: `Bearer ${token}` };
}

/** The person as the portal itself knows them: ids that no page shows. */
export async function personOf(portal: RunningPortal, example: Example, identifier: string): Promise<Person> {
	const settings = readSettings(settingsOf(portal, example));
	if ('problems' in settings) throw new Error(JSON.stringify(settings.problems));
	const opened = await openPortal(settings);
	try {
		const ctx = opened.contextFor('portal');
		const found = await lookUp(ctx, identifier);
		return (await find(ctx, found?.personId as string)) as Person;
	} finally {
		await opened.close();
	}
}

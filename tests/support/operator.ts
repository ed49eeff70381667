// What the organisation does beside the pages: its commands and its API, on a portal that runs.
import { execFileSync, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { find, type Person } from '../../src/lib/server/accounts/people.ts';
import { identifiersOf, lookUp } from '../../src/lib/server/accounts/accounts.ts';
import type { Context } from '../../src/lib/server/context.ts';
import { readSettings } from '../../src/lib/server/platform/settings.ts';
import { openPortal } from '../../src/lib/server/portal.ts';
import { receiveSms } from '../../src/lib/server/replies/replies.ts';
import type { Example, RunningPortal } from './running-portal.ts';
import { processEnvironment } from './process-environment.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const candor = ['src/command/candor.ts'];

const settingsOf = ({ dataFolder, clock }: RunningPortal, example: Example) => ({
	...processEnvironment,
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
		env: processEnvironment,
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

/** Does something with the data of a portal that runs, as its own code does it. */
async function beside<Result>(
	portal: RunningPortal,
	example: Example,
	work: (ctx: Context) => Promise<Result>
): Promise<Result> {
	const settings = readSettings(settingsOf(portal, example));
	if ('problems' in settings) throw new Error(JSON.stringify(settings.problems));
	const opened = await openPortal(settings);
	try {
		return await work(opened.contextFor('portal'));
	} finally {
		await opened.close();
	}
}

/** The person as the portal itself knows them: ids that no page shows. */
export const personOf = (portal: RunningPortal, example: Example, identifier: string): Promise<Person> =>
	beside(portal, example, async (ctx) => {
		const found = await lookUp(ctx, identifier);
		return (await find(ctx, found?.personId as string)) as Person;
	});

/** That person answers by SMS. */
export const writeBack = (portal: RunningPortal, example: Example, identifier: string, text: string) =>
	beside(portal, example, async (ctx) => {
		const found = await lookUp(ctx, identifier);
		const own = await identifiersOf(ctx, found?.personId as string);
		const from = own.find(({ kind }) => kind === 'phone')?.value as string;
		return receiveSms(ctx, { id: ctx.ids.next(), from, text, at: ctx.clock.now() });
	});

// Opens the portal's databases for one command and closes them again, however it ends.
import { CannotOpen, openPortal } from '../lib/server/portal.ts';
import type { Context } from '../lib/server/context.ts';
import { readSettings, type Settings } from '../lib/server/platform/settings.ts';
import { Refused } from './refused.ts';

/** The settings; wrong ones end the command with a line each. */
export function settingsOrEnd(): Settings {
	const settings = readSettings();
	if (!('problems' in settings)) return settings;
	throw new Refused(
		settings.problems.map(
			({ name, problem, example }) => `${name} ${problem}${example && `, for example ${name}=${example}`}`
		),
		2
	);
}

/** Runs `work` as the portal itself, with migrated databases. */
export async function withPortal<Result>(
	work: (ctx: Context) => Promise<Result>,
	given: { toReplay?: boolean } = {}
): Promise<Result> {
	const portal = await openPortal(settingsOrEnd(), given).catch((error: unknown) => {
		if (error instanceof CannotOpen) throw new Refused(error.lines, 2);
		throw error;
	});
	try {
		return await work(portal.contextFor('portal'));
	} finally {
		await portal.close();
	}
}

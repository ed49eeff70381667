// Inventing people takes seconds of processor time: it is done once a run and example, and every portal begins with a copy.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPortal, type Example } from './running-portal.ts';

const setting = 'CANDOR_TEST_SEEDS';

/** The data folder with an example's people, as they are at the instant at which portals open; undefined outside a run. */
export const seedOf = (example: Example): string | undefined =>
	process.env[setting] && join(process.env[setting], example);

/** Playwright calls this before the first test; what it answers is called after the last. */
export default async function setup(): Promise<() => void> {
	const folder = mkdtempSync(join(tmpdir(), 'candor-seeds-'));
	for (const example of ['classting', 'classerium'] as const)
		await (await startPortal({ example })).stop(join(folder, example));
	process.env[setting] = folder;
	return () => rmSync(folder, { recursive: true, force: true });
}

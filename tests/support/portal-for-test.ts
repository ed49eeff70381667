// A whole portal for a test file, on the engine of the vitest project that runs: real databases, a clock that tests move.
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import type { Actor, Context } from '../../src/lib/server/context.ts';
import { fixedClock } from '../../src/lib/server/platform/clock.ts';
import type { Settings } from '../../src/lib/server/platform/settings.ts';
import { readSettings } from '../../src/lib/server/platform/settings.ts';
import { openPortal, type Portal } from '../../src/lib/server/portal.ts';
import { emptyDatabase, type EmptyDatabase } from './databases.ts';

/** The identity that opens the archive of every portal for tests; a pair of its own, used nowhere else. */
export const archiveIdentity = 'AGE-SECRET-KEY-1XZ3054UA2F0R0J7LFZ6C3ZT93F7V2GNRWATWRJMXF3JA25QTMA4S9TMHD6';
const archiveRecipient = 'age1w0g2exc7sfndftz9wyd48r2jlesjjy7mu7lx5t92jdsmzkvtndss2anrc8';

export interface PortalForTest {
	clock: ReturnType<typeof fixedClock>;
	settings: Settings;
	dataFolder: string;
	/** A context as that actor; `portal` by default. */
	as(actor?: Actor): Context;
}

interface Options {
	description?: string;
	startAt?: string;
	/** Further settings, asked when the portal opens. */
	further?: () => Record<string, string>;
}

function settingsFor(
	dataFolder: string,
	[databaseUrl, keysUrl, archiveUrl]: readonly string[],
	description: string,
	further: Record<string, string>
): Settings {
	const settings = readSettings({
		CANDOR_DATA: dataFolder,
		CANDOR_DATABASE_URL: databaseUrl,
		CANDOR_KEYS_URL: keysUrl,
		CANDOR_ARCHIVE_URL: archiveUrl,
		CANDOR_DESCRIPTION: description,
		CANDOR_ARCHIVE_RECIPIENTS: archiveRecipient,
		CANDOR_MASTER_KEYS: `1:${randomBytes(32).toString('base64')}`,
		ORIGIN: 'http://localhost:3000',
		LOG_LEVEL: 'silent',
		...further
	});
	if ('problems' in settings) throw new Error(JSON.stringify(settings.problems));
	return settings;
}

/** Opened before the first test of the file, closed and removed after the last. */
export function portalForTest({
	description = 'examples/classting',
	startAt = '2026-11-22T09:00:00.000Z',
	further = () => ({})
}: Options = {}): PortalForTest {
	const clock = fixedClock(startAt);
	const dataFolder = mkdtempSync(join(tmpdir(), 'candor-test-'));
	const made: EmptyDatabase[] = [];
	let portal: Portal;
	const test = {
		clock,
		dataFolder,
		as: (actor: Actor = 'portal') => portal.contextFor(actor)
	} as PortalForTest;
	beforeAll(async () => {
		for (const name of ['portal', 'keys', 'archive']) made.push(await emptyDatabase(name));
		const urls = made.map(({ url }) => url);
		test.settings = settingsFor(dataFolder, urls, description, further());
		portal = await openPortal(test.settings, { clock });
	});
	afterAll(async () => {
		await portal?.close();
		for (const database of made) await database.remove();
		rmSync(dataFolder, { recursive: true, force: true });
	});
	return test;
}

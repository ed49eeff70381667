import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { makeGiant, readByAll, smallFiles, writings } from '../../../../../tests/support/giants.ts';
import { alice } from '../../../../../tests/support/people.ts';
import { portalForTest } from '../../../../../tests/support/portal-for-test.ts';

const portal = portalForTest({ description: 'examples/classerium' });
const folder = mkdtempSync(join(tmpdir(), 'candor-limits-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

// 70,000 of them, and giants: `npm run proof -- limits`.
test('files with names in every writing are read by other programs', async () => {
	const { id } = await alice(portal.as());
	const zip = join(folder, 'many.zip');
	const built = await makeGiant(portal.as(), id, { files: () => smallFiles(200) }, zip);
	expect(built.missing).toEqual([]);
	const names = writings.map((name) => `files/${name}`);
	expect(readByAll(zip, names)).toContain('Python');
});

import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const run = promisify(execFile);

test('demonstrations that are started at once on an empty folder have one master key', async () => {
	const folder = mkdtempSync(join(tmpdir(), 'candor-keyring-'));
	try {
		const module = join(import.meta.dirname, 'keyring.ts');
		const script = `import { demonstrationMasterKeys } from ${JSON.stringify(module)};
			process.stdout.write(demonstrationMasterKeys(${JSON.stringify(join(folder, 'new', 'demonstration.key'))}));`;
		const start = async () => (await run(process.execPath, ['--input-type=module', '--eval', script])).stdout;
		const keys = await Promise.all([start(), start(), start(), start()]);
		expect(keys[0]).toMatch(/^1:\S{44}\n$/);
		expect(new Set(keys).size).toBe(1);
		expect(readdirSync(join(folder, 'new'))).toEqual(['demonstration.key']);
	} finally {
		rmSync(folder, { recursive: true });
	}
});

import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { processEnvironment } from '../../tests/support/process-environment.ts';

// The commands open embedded databases of their own: once is enough.
const onceTest = test.runIf(process.env.CANDOR_TEST_ENGINE !== 'postgres');
const folder = mkdtempSync(join(tmpdir(), 'candor-command-'));
const node = join(process.cwd(), 'node_modules/.bin/node');

function candor(...words: string[]) {
	const env = {
		...processEnvironment,
		CANDOR_DATA: folder,
		CANDOR_DESCRIPTION: 'tests/support/third-organisation',
		CANDOR_DEMONSTRATION: '1'
	};
	const { status, stdout, stderr } = spawnSync(node, ['src/command/candor.ts', ...words], {
		encoding: 'utf8',
		env
	});
	return { status, stdout, stderr };
}

const person = (id: string, more: object = {}) =>
	JSON.stringify({
		externalId: id,
		role: 'reader',
		language: 'es',
		timeZone: 'Europe/Madrid',
		country: 'ES',
		identifiers: { email: `${id}@example.com` },
		...more
	});

onceTest(
	'an operator takes people in, exports one, and erases one; each ending says how it went',
	{ timeout: 180_000 },
	() => {
		const file = join(folder, 'people.ndjson');
		writeFileSync(file, `${person('rita')}\n${person('sven', { role: 'wizard' })}\n`);
		const first = candor('import', 'people', file, '--json');
		expect(first).toMatchObject({ status: 1 });
		expect(JSON.parse(first.stdout)).toEqual({ file: 'people.ndjson', added: 1, refused: 1 });
		expect(first.stderr).toContain('"line":2,"refused":"role-unknown"');
		writeFileSync(file, person('rita'));
		expect(candor('import', 'people', file)).toMatchObject({
			status: 0,
			stdout: 'people.ndjson: 1 unchanged, 0 refused.\n'
		});

		const answered = candor('answer-request', 'rita', 'any', 'Hello.', '--by', 'nobody');
		expect(answered).toMatchObject({ status: 1, stderr: expect.stringContaining('staff-unknown') });

		expect(candor('erase', 'rita', '--reason', 'asked by letter')).toMatchObject({
			status: 0,
			stdout: expect.stringMatching(/^Erased\.\nThe claim code, [^\n]+: (?:[A-Z0-9]{4}-){4}[A-Z0-9]{4}\n$/)
		});
		expect(candor('import', 'people', file)).toMatchObject({ status: 1 });
	}
);

onceTest('wrong usage ends with 2, help with 0', { timeout: 120_000 }, () => {
	expect(candor('--help').status).toBe(0);
	expect(candor('import', '--help').status).toBe(0);
	expect(candor('fly').status).toBe(2);
	expect(candor('import', 'people', 'nothing.ndjson').status).toBe(2);
	expect(candor('check', 'tests').status).toBe(1);
});

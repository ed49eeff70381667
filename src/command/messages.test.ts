import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { openCamera } from './camera.ts';
import { findChromium } from './chromium.ts';
import { processEnvironment } from '../../tests/support/process-environment.ts';

// What is written hangs on no database: once is enough.
const isOnce = process.env.CANDOR_TEST_ENGINE !== 'postgres';
const onceTest = test.runIf(isOnce);
const folder = mkdtempSync(join(tmpdir(), 'candor-preview-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function preview(to: string) {
	const env = {
		...processEnvironment,
		CANDOR_DATA: join(folder, 'data'),
		CANDOR_DESCRIPTION: 'tests/support/third-organisation',
		CANDOR_DEMONSTRATION: '1'
	};
	const words = ['src/command/candor.ts', 'messages', 'preview', to, '--no-pictures', '--json'];
	return spawnSync(join(process.cwd(), 'node_modules/.bin/node'), words, { encoding: 'utf8', env });
}

onceTest(
	'an operator sees every message in every language, and no folder is written over',
	{ timeout: 180_000 },
	() => {
		const to = join(folder, 'messages');
		const { status, stdout } = preview(to);
		expect(status).toBe(0);
		const { messages } = JSON.parse(stdout) as { messages: number };
		const languages = readdirSync(to).filter((name) => name !== 'index.html');
		const files = languages.flatMap((language) => readdirSync(join(to, language)));
		expect(files).toHaveLength(messages * 3);
		const index = readFileSync(join(to, 'index.html'), 'utf8');
		for (const [, file] of index.matchAll(/href="([a-z][^"#]*)"/g))
			expect(readFileSync(join(to, file as string), 'utf8')).not.toBe('');
		expect(preview(folder)).toMatchObject({ status: 2, stderr: expect.stringContaining('something else') });
	}
);

test.runIf(isOnce && findChromium())(
	'a picture shows what is light as light and what is dark as dark',
	{ timeout: 180_000 },
	async () => {
		const camera = await openCamera(findChromium() as string);
		const style = '@media (prefers-color-scheme:dark){body{background:#000}}';
		const html = `<!doctype html><style>${style}</style><body style="height:900px"><script>document.body.remove()</script>`;
		try {
			const pictures = [await camera.picture(html, 'light'), await camera.picture(html, 'dark')];
			for (const picture of pictures) {
				expect(picture.subarray(1, 4).toString()).toBe('PNG');
				expect(picture.readUInt32BE(20)).toBeGreaterThanOrEqual(900);
			}
			expect(pictures[0]?.equals(pictures[1] as Buffer)).toBe(false);
		} finally {
			await camera.close();
		}
	}
);

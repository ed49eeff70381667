// The yardstick: SvelteKit with next to nothing in it, built from the very packages that the portal is built from.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { root, start, type Running } from './processes.ts';

const files: Record<string, string> = {
	'package.json': '{ "name": "empty", "private": true, "type": "module" }',
	'vite.config.js': `import { sveltekit } from '@sveltejs/kit/vite';\nexport default { plugins: [sveltekit()] };`,
	'svelte.config.js': `import adapter from '@sveltejs/adapter-node';\nexport default { kit: { adapter: adapter(), csrf: { trustedOrigins: ['*'] } } };`,
	'src/app.html': `<!doctype html><html lang="en"><head><meta charset="utf-8" />%sveltekit.head%</head><body><div>%sveltekit.body%</div></body></html>`,
	'src/routes/+page.svelte': '<h1>Empty</h1>',
	'src/routes/without-script/+page.js': 'export const csr = false;',
	'src/routes/without-script/+page.svelte': '<h1>Empty</h1>',
	'src/routes/ready/+server.js': `import { json } from '@sveltejs/kit';\nexport const GET = () => json({ ready: true });`,
	'src/routes/post/+server.js': `export const POST = async ({ request }) => {
	await request.text();
	return new Response('done\\n', { headers: { 'Content-Type': 'text/plain; charset=utf-8' } });
};`,
	'start.js': `import { createServer } from 'node:http';
import { handler } from './build/handler.js';
const server = createServer(handler);
server.listen(0, '127.0.0.1', () => console.log(\`http://localhost:\${server.address().port}\`));`,
	'bare.js': `import { createServer } from 'node:http';
const body = '<!doctype html><title>Empty</title><h1>Empty</h1>';
const server = createServer((request, response) => response.setHeader('Content-Type', 'text/html').end(body));
server.listen(0, '127.0.0.1', () => console.log(\`http://localhost:\${server.address().port}\`));`
};

/** An empty SvelteKit (pages `/` and `/without-script`, endpoints `/ready` and `/post`) and a bare `node:http`, both running. */
export async function startEmpty(): Promise<{ kit: Running; bare: Running }> {
	const folder = mkdtempSync(join(tmpdir(), 'candor-empty-'));
	process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
	for (const [path, content] of Object.entries(files)) {
		mkdirSync(dirname(join(folder, path)), { recursive: true });
		writeFileSync(join(folder, path), content);
	}
	symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'dir');
	const vite = join(root, 'node_modules/vite/bin/vite.js');
	const env = { ...process.env, NODE_ENV: 'production' };
	execFileSync(process.execPath, [vite, 'build', '--logLevel', 'error'], {
		cwd: folder,
		env,
		stdio: 'ignore'
	});
	const origin = { ORIGIN: 'http://localhost' };
	return {
		kit: await start(join(folder, 'start.js'), origin),
		bare: await start(join(folder, 'bare.js'), {})
	};
}

// Pages and endpoints, signed in, against the same SvelteKit with next to nothing in it.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { startEmpty } from './empty-kit.ts';
import { rates, type Target } from './load.ts';
import { startPortal, type Running } from './processes.ts';
import type { Bench, Table } from './run.ts';

/** One of the demonstration's people: two years of records, messages and disclosures. */
const person = 'minjun';

export const bench: Bench = async () => {
	const folder = mkdtempSync(join(tmpdir(), 'candor-bench-'));
	const portal = await startPortal(folder);
	const { kit, bare } = await startEmpty();
	try {
		const cookie = await signIn(portal, person);
		const measured = await rates([
			{ name: 'bare', url: bare.address },
			{ name: 'empty', url: kit.address },
			{ name: 'without script', url: `${kit.address}/without-script` },
			{ name: 'overview', url: `${portal.address}/`, cookie },
			{ name: 'messages', url: `${portal.address}/messages`, cookie },
			{ name: 'endpoint', url: `${kit.address}/ready` },
			{ name: 'ready', url: `${portal.address}/health/ready` }
		] satisfies Target[]);
		return [pagesTable(measured), await scriptTable(portal, cookie)];
	} finally {
		await Promise.all([portal.stop(), kit.stop(), bare.stop()]);
		rmSync(folder, { recursive: true, force: true });
	}
};

async function signIn({ address }: Running, account: string): Promise<string> {
	const response = await fetch(`${address}/sign-in`, {
		method: 'POST',
		headers: { origin: address, accept: 'text/html' },
		body: new URLSearchParams({ account }),
		redirect: 'manual'
	});
	const cookie = response.headers.getSetCookie().map((line) => line.split(';')[0]);
	if (response.status !== 303 || !cookie.length) throw new Error(`the sign-in answered ${response.status}`);
	return cookie.join('; ');
}

function pagesTable(measured: ReadonlyMap<string, number>): Table {
	const of = (name: string) => measured.get(name) ?? Number.NaN;
	const row = (title: string, name: string, yardstick: string, target: string) => [
		title,
		Math.round(of(name)),
		(of(name) / of(yardstick)).toFixed(2),
		(of(name) / of('bare')).toFixed(3),
		target
	];
	return {
		title: 'Pages',
		columns: ['with 16 connections', 'requests/s', 'of empty SvelteKit', 'of `node:http`', 'asked'],
		rows: [
			row('bare `node:http`', 'bare', 'empty', ''),
			row('empty SvelteKit page', 'empty', 'empty', ''),
			row('the same without script', 'without script', 'empty', ''),
			row('overview, signed in', 'overview', 'empty', '≥ 0.20, aim 0.33'),
			row('messages, signed in', 'messages', 'empty', '≥ 0.20, aim 0.33'),
			row('bare SvelteKit endpoint', 'endpoint', 'endpoint', ''),
			row('`/health/ready`', 'ready', 'endpoint', '≥ 0.50')
		],
		note: 'Medians of five turns of two seconds each. `/health/ready` is compared with the endpoint, the rest with the page.'
	};
}

/** Everything that the page would have a browser run. */
async function scriptTable({ address }: Running, cookie: string): Promise<Table> {
	const html = await (await fetch(address, { headers: { cookie } })).text();
	const inline = [...html.matchAll(/<script(?![^>]*\ssrc=)[^>]*>([^]*?)<\/script>/g)].map(
		([, code]) => code ?? ''
	);
	const referenced = [...html.matchAll(/<(?:script|link)[^>]*\s(?:src|href)="([^"]+\.m?js)"/g)].map(
		([, path]) => path ?? ''
	);
	const scripts = await Promise.all(
		[...new Set(referenced)].map(async (path) => ({
			path,
			code: await (await fetch(new URL(path, address))).text()
		}))
	);
	const kilobytes = (code: string) => Number((gzipSync(code, { level: 9 }).length / 1_000).toFixed(2));
	const rows = [...scripts, ...inline.map((code) => ({ path: 'inline', code }))].map(({ path, code }) => [
		`\`${path}\``,
		kilobytes(code)
	]);
	const total = rows.reduce((sum, [, size]) => sum + Number(size), 0);
	return {
		title: 'Script of the overview',
		columns: ['file', 'kB, gzipped'],
		rows: [...rows, ['together', total.toFixed(2)]],
		note: `Asked: at most 60. The page itself is ${kilobytes(html)} kB gzipped.`
	};
}

// Takes pictures of HTML with the Chromium of this machine, which fetches nothing and keeps nothing.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';

export type Look = 'light' | 'dark';

export interface Camera {
	/** PNG of the whole page, as wide as a mail is read on a desk. */
	picture(html: string, look: Look): Promise<Buffer>;
	close(): Promise<void>;
}

type Result = Record<string, unknown>;
type Ask = (method: string, params?: object, sessionId?: string) => Promise<Result>;
interface Answer {
	id?: number;
	result?: Result;
	error?: { message: string };
}

const width = 680;
const switches = [
	'--headless=new',
	'--remote-debugging-pipe',
	'--disable-gpu',
	'--disable-background-networking',
	'--disable-component-update',
	'--disable-sync',
	'--no-first-run',
	'--hide-scrollbars',
	'--host-resolver-rules=MAP * ~NOTFOUND',
	// A sandbox needs a user of its own, which root has not.
	...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])
];

/** The DevTools protocol through two pipes: one JSON value a message, each ended by NUL. */
function speaking(input: Writable, output: Readable): Ask {
	const waiting = new Map<number, { resolve(result: Result): void; reject(error: Error): void }>();
	let last = 0;
	let rest = '';
	const hear = (text: string) => {
		const { id = 0, result, error } = JSON.parse(text) as Answer;
		const asked = waiting.get(id);
		waiting.delete(id);
		if (error) asked?.reject(new Error(error.message));
		else asked?.resolve(result ?? {});
	};
	output.setEncoding('utf8').on('data', (chunk: string) => {
		const pieces = (rest + chunk).split('\0');
		rest = pieces.pop() ?? '';
		pieces.forEach(hear);
	});
	output.on('close', () => {
		for (const { reject } of waiting.values()) reject(new Error('the browser ended'));
	});
	input.on('error', () => undefined);
	return (method, params = {}, sessionId) =>
		new Promise((resolve, reject) => {
			waiting.set(++last, { resolve, reject });
			input.write(`${JSON.stringify({ id: last, method, params, sessionId })}\0`);
		});
}

/** An empty page, in which nothing but HTML and its style counts. */
async function pageOf(ask: Ask) {
	const { targetId } = await ask('Target.createTarget', { url: 'about:blank' });
	const { sessionId } = await ask('Target.attachToTarget', { targetId, flatten: true });
	const tell = (method: string, params?: object) => ask(method, params, sessionId as string);
	await tell('Emulation.setScriptExecutionDisabled', { value: true });
	const { frameTree } = (await tell('Page.getFrameTree')) as { frameTree: { frame: { id: string } } };
	return { tell, frameId: frameTree.frame.id };
}

async function take({ tell, frameId }: Awaited<ReturnType<typeof pageOf>>, html: string, look: Look) {
	await tell('Emulation.setEmulatedMedia', { features: [{ name: 'prefers-color-scheme', value: look }] });
	const size = { width, deviceScaleFactor: 1, mobile: false };
	await tell('Emulation.setDeviceMetricsOverride', { ...size, height: 400 });
	await tell('Page.setDocumentContent', { frameId, html });
	const { cssContentSize } = (await tell('Page.getLayoutMetrics')) as { cssContentSize: { height: number } };
	await tell('Emulation.setDeviceMetricsOverride', { ...size, height: Math.ceil(cssContentSize.height) });
	const { data } = await tell('Page.captureScreenshot', { format: 'png' });
	return Buffer.from(data as string, 'base64');
}

/** Starts the browser at `path`, with a profile that is removed when it is closed. */
export async function openCamera(path: string): Promise<Camera> {
	const profile = mkdtempSync(join(tmpdir(), 'candor-camera-'));
	const browser = spawn(path, [...switches, `--user-data-dir=${profile}`], {
		stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe']
	});
	const ended = once(browser, 'exit').catch(() => undefined);
	const close = async () => {
		browser.kill();
		await ended;
		rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
	};
	try {
		const [, , , input, output] = browser.stdio;
		const page = await pageOf(speaking(input as Writable, output as Readable));
		return { picture: (html, look) => take(page, html, look), close };
	} catch (error) {
		await close();
		throw error;
	}
}

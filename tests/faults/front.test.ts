// The front of the portal as a process: how it starts, what it refuses, how it ends. It needs a build.
import { spawn } from 'node:child_process';
import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { neverReady } from '../support/never-ready.ts';
import { startPortal, type PortalOptions } from '../support/running-portal.ts';
import { signedIn, visitorOf } from '../support/visitor.ts';
import { processEnvironment } from '../support/process-environment.ts';

async function open(options?: PortalOptions) {
	const portal = await startPortal(options);
	onTestFinished(() => portal.stop());
	return portal;
}

/** A connection that writes what it likes, and everything that came back on it. */
async function connection(address: string): Promise<{ socket: Socket; answer: Promise<string> }> {
	const socket = connect(Number(new URL(address).port), '127.0.0.1');
	const chunks: Buffer[] = [];
	socket.on('data', (chunk) => chunks.push(chunk));
	const answer = new Promise<string>((resolve) => {
		socket.on('close', () => resolve(Buffer.concat(chunks).toString()));
		socket.on('error', () => undefined);
	});
	return { socket, answer };
}

const form = 'identifier=nobody&password=wrong';
const post = (address: string) =>
	[
		'POST /sign-in HTTP/1.1',
		`Host: ${new URL(address).host}`,
		`Origin: ${address}`,
		'Content-Type: application/x-www-form-urlencoded',
		`Content-Length: ${form.length}`,
		'',
		''
	].join('\r\n');

test('a portal on a free port tells its address, and takes forms sent to it', async () => {
	const { address } = await open();

	const answer = await fetch(`${address}/sign-in`, {
		method: 'POST',
		headers: { Origin: address, 'Content-Type': 'application/x-www-form-urlencoded' },
		body: form
	});

	expect(new URL(address).port).not.toBe('0');
	expect([200, 400]).toContain(answer.status);
});

test('a person whose form is on its way when the portal stops still gets an answer', async () => {
	const portal = await open();
	const { socket, answer } = await connection(portal.address);
	socket.write(post(portal.address) + form.slice(0, 5));
	await pause(200);

	const stopped = portal.end();
	await pause(200);
	socket.write(form.slice(5));

	expect(await answer).toMatch(/^HTTP\/1\.1 [24]00 /);
	await stopped;
	await expect(fetch(portal.address)).rejects.toThrow();
});

test.each(['1', '2'])(
	'whoever looks on while an export is made is let go before the last answers of a portal of %s that stops',
	async (workers) => {
		const portal = await open({ settings: { CANDOR_WORKERS: workers } });
		await pause(1_000);
		const visitor = await signedIn(portal, 'minjun');
		const path = `/export/${neverReady(portal).id}/progress`;
		const streams = await Promise.all([1, 2, 3, 4].map(() => visitor.open(path)));
		const readers = streams.map(({ body }) => (body as ReadableStream<Uint8Array>).getReader());
		for (const reader of readers)
			expect(Buffer.from((await reader.read()).value ?? []).toString()).toMatch(/^data: /);
		const { socket, answer } = await connection(portal.address);
		socket.write(post(portal.address) + form.slice(0, 5));
		await pause(200);

		const stopped = portal.end();
		// While the form keeps the process: the end of patience would break them off, and it.
		for (const reader of readers) expect((await reader.read()).done).toBe(true);
		socket.write(form.slice(5));

		expect(await answer).toMatch(/^HTTP\/1\.1 [24]00 /);
		await stopped;
	}
);

test('a person is served by two processes as by one', async () => {
	const { address } = await open({ settings: { CANDOR_WORKERS: '2' } });
	await pause(1_000);

	const answers = await Promise.all(Array.from({ length: 20 }, () => fetch(`${address}/health/live`)));

	expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
});

test('a form that is too large is answered with its page, and no connection is reset', async () => {
	const visitor = visitorOf(await open());
	for (const [megabytes, status] of [
		[1.9, 400],
		[2.5, 413],
		[6, 413],
		[2.5, 413]
	] as const) {
		const answer = await visitor.post('/recover', { identifier: 'x'.repeat(megabytes * 1_000_000) });
		expect(answer.status).toBe(status);
		expect(answer.text).toMatch(/<html lang="ko"/);
	}
});

test('headers beyond every need are refused', async () => {
	const { address } = await open();
	const { socket, answer } = await connection(address);

	socket.write(`GET / HTTP/1.1\r\nHost: x\r\nX-Long: ${'a'.repeat(40_000)}\r\n\r\n`);

	expect(await answer).toMatch(/^HTTP\/1\.1 431 /);
});

test('a setting that does not exist stops the start, with its name', async () => {
	const child = spawn(process.execPath, ['src/server.ts'], {
		env: { ...processEnvironment, PORT: '0', CANDOR_DEMONSTRATION: '1', CANDOR_COLOUR: 'blue' }
	});
	let told = '';
	child.stderr.on('data', (chunk) => (told += String(chunk)));

	const code = await new Promise((resolve) => child.on('close', resolve));

	expect(code).toBe(2);
	expect(told).toContain('CANDOR_COLOUR');
});

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import type { Call } from '../driver.ts';
import { callerOf } from './calling.ts';

const call: Call = {
	signal: new AbortController().signal,
	bytes: 1_000,
	milliseconds: 1_000,
	unreadable: () => undefined
};

/** Tells of each call how many came over its connection before it. */
async function serverWith(
	answer: (before: number, request: IncomingMessage, response: ServerResponse) => void
) {
	const seen = new WeakMap<object, number>();
	const server = createServer((request, response) => {
		const before = seen.get(request.socket) ?? 0;
		seen.set(request.socket, before + 1);
		answer(before, request, response);
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const caller = callerOf(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, {
		sign: (id) => id,
		pool: 1
	});
	onTestFinished(async () => {
		await caller.close();
		server.closeAllConnections();
		server.close();
	});
	return caller;
}

test('a connection that the other side gave up while nobody called costs no call', async () => {
	const ids: unknown[] = [];
	const caller = await serverWith((before, { socket, headers }, response) => {
		ids.push(headers['webhook-id']);
		if (before > 0) socket.destroy();
		else response.end('{"count":1}');
	});
	for (let time = 0; time < 3; time += 1)
		expect(await caller.json(call, { method: 'GET', path: 'count' })).toEqual({ count: 1 });
	expect(ids, 'two were asked again').toHaveLength(5);
	expect(new Set(ids).size, 'each signed anew').toBe(5);
});

test('whoever breaks off a new connection is asked once', async () => {
	let calls = 0;
	const caller = await serverWith((_before, { socket }) => {
		calls += 1;
		socket.destroy();
	});
	const failed = caller.json(call, { method: 'GET', path: 'count' });
	await expect(failed).rejects.toMatchObject({ code: 'unreachable', because: 'ECONNRESET' });
	expect(calls).toBe(1);
});

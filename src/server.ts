// The front of the portal: address, limits, processes, and an end that lets running requests finish.
import cluster, { type Worker } from 'node:cluster';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { flushCompileCache } from 'node:module';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { defaultHeaders } from './lib/server/platform/headers.ts';
import { projectFolder } from './lib/server/platform/project-folder.ts';
import { readSettings, type Settings } from './lib/server/platform/settings.ts';

type Handler = (...args: [...Parameters<RequestListener>, next: () => void]) => unknown;

const second = 1_000;
/** How long requests that run may take after the portal was told to stop. */
const patience = 10 * second;
/** A process that dies sooner than this after its start was not fit to start; it is not tried again at once. */
const tooSoon = 5 * second;

/** Slow senders are cut off: a client has this long for its headers, its whole request, and between two bytes. */
const limits = {
	headersTimeout: 20 * second,
	requestTimeout: 120 * second,
	connectionsCheckingInterval: 5 * second,
	// Longer than the 60 seconds after which usual load balancers give up an idle connection.
	keepAliveTimeout: 65 * second,
	maxHeaderSize: 16_384
};
const longestSilence = 120 * second;

const settings = readSettings();
if ('problems' in settings) {
	for (const { name, problem, example } of settings.problems) {
		console.error(`${name} ${problem}${example && `, for example ${name}=${example}`}`);
	}
	process.exit(2);
}
if (settings.workers > 1 && cluster.isPrimary) lead(settings);
else await serve(settings);

/** One process that answers requests. */
async function serve(settings: Settings): Promise<void> {
	const { host, port } = settings;
	let answer: RequestListener = tellToWait;
	const server = createServer(limits, (request, response) => answer(request, response));
	server.setTimeout(longestSilence);
	server.maxRequestsPerSocket = 10_000;

	// Beside others that serve already nobody is told to wait: it comes when it can answer.
	const joins = cluster.worker !== undefined && process.env.ORIGIN !== undefined;
	if (joins) answer = answerWith(await loadBuild(), settings);
	const address = await listen(server, host, port);
	// The build reads this when it is loaded, and it must hold the port that was really taken.
	process.env.ORIGIN ??= `http://localhost:${address.port}`;
	process.env.BODY_SIZE_LIMIT ??= '16M';
	stopOnSignal(server);
	if (!joins) answer = answerWith(await loadBuild(), settings);

	if (cluster.worker) cluster.worker.send({ ready: process.env.ORIGIN });
	else announce(process.env.ORIGIN);
	// Written at an orderly end otherwise, which not every process comes to.
	flushCompileCache();
}

function listen(server: Server, host: string, port: number): Promise<AddressInfo> {
	return new Promise((resolve) => {
		server.once('error', (problem: NodeJS.ErrnoException) => {
			const why = problem.code === 'EADDRINUSE' ? 'another program uses that port' : problem.message;
			console.error(`Candor cannot listen on ${host}:${port}: ${why}. PORT=0 takes a free one.`);
			process.exit(1);
		});
		server.listen(port, host, () => resolve(server.address() as AddressInfo));
	});
}

function tellToWait(...[, response]: Parameters<RequestListener>): void {
	response.writeHead(503, { 'Retry-After': '1', 'Content-Type': 'text/plain' }).end('Candor is starting.\n');
}

async function loadBuild(): Promise<Handler> {
	const current = join(projectFolder, 'build/current');
	if (!existsSync(current)) throw new Error('There is no build yet; npm start makes one.');
	const folder = join(projectFolder, 'build', readFileSync(current, 'utf8').trim());
	// Whoever builds anew leaves this folder alone while this process lives (start.js).
	const sign = join(folder, `served-by-${process.pid}`);
	try {
		writeFileSync(sign, '');
		process.once('exit', () => rmSync(sign, { force: true }));
	} catch {
		// A folder in which nothing can be written is one in which nobody builds anew.
	}
	const { handler } = (await import(pathToFileURL(join(folder, 'handler.js')).href)) as { handler: Handler };
	return handler;
}

/**
 * The framework answers a form post that takes anything, as command-line tools say, with JSON and status 200, even
 * for a refusal. No page of ours posts by script: whoever does not ask for JSON gets the page, with its status.
 */
function preferPages({ method, headers }: IncomingMessage): void {
	if (method === 'POST' && !/json/.test(headers.accept ?? '')) headers.accept = 'text/html';
}

function answerWith(handler: Handler, settings: Settings): RequestListener {
	return async (request, response) => {
		response.once('finish', () => letFinish(request));
		try {
			preferPages(request);
			for (const [name, value] of Object.entries(defaultHeaders(settings, request.url ?? '')))
				response.setHeader(name, value);
			await handler(request, response, () => response.writeHead(404).end());
		} catch {
			// What went wrong is logged inside; out here only the connection is left to be ended.
			if (response.headersSent) response.destroy();
			else response.writeHead(500).end();
		}
	};
}

/**
 * A form that is too large is answered before it was read. Whoever sends it must be let finish all the same: a connection
 * that is closed on bytes nobody read is reset, and the answer is lost with it.
 */
function letFinish(request: IncomingMessage): void {
	if (request.complete) return;
	request.removeAllListeners('data');
	request.resume();
}

function announce(address: string): void {
	console.log(`Candor is at ${address}`);
}

/** The first signal ends in peace; those after the first second (a terminal sends it to everybody) at once. */
function onStop(stop: (signal: NodeJS.Signals) => Promise<void>): void {
	let stoppingSince: number | undefined;
	const receive = (signal: NodeJS.Signals) => {
		if (stoppingSince === undefined) {
			stoppingSince = performance.now();
			void stop(signal);
		} else if (performance.now() - stoppingSince > second) process.exit(1);
	};
	process.on('SIGTERM', receive);
	process.on('SIGINT', receive);
}

function stopOnSignal(server: Server): void {
	onStop(async () => {
		// What would last as long as somebody looks ends now (hooks.server.ts); what was asked for gets its answer.
		process.emit('candor:closing' as 'beforeExit', 0);
		await Promise.race([close(server), pause(patience)]);
		server.closeAllConnections();
		// Asked for one by one, because `emit` would not wait for them.
		const listeners = process.listeners('sveltekit:shutdown' as 'beforeExit');
		await Promise.race([Promise.allSettled(listeners.map(async (end) => end(0))), pause(patience)]);
		process.exit(0);
	});
}

/** Resolves when the last running request is answered; connections that fall idle meanwhile are ended. */
function close(server: Server): Promise<void> {
	const ending = setInterval(() => server.closeIdleConnections(), 50);
	return new Promise((resolve) => {
		server.close(() => {
			clearInterval(ending);
			resolve();
		});
	});
}

/** The process that keeps the others alive. */
function lead({ workers }: Settings): void {
	let stopping = false;
	const startedAt = new Map<number, number>();
	let origin: { ORIGIN: string } | undefined;
	const fork = (): Worker => {
		const worker = cluster.fork(origin);
		startedAt.set(worker.id, performance.now());
		return worker;
	};
	// The first one migrates and tells the address before the others come.
	fork();
	cluster.once('message', (_, { ready }: { ready: string }) => {
		origin = { ORIGIN: ready };
		for (let count = 1; count < workers; count += 1) fork();
		announce(ready);
	});
	cluster.on('exit', (worker, code) => {
		const age = performance.now() - (startedAt.get(worker.id) ?? 0);
		startedAt.delete(worker.id);
		if (stopping) return;
		if (age > tooSoon) fork();
		else if (startedAt.size === 0) process.exit(code || 1);
		else setTimeout(() => stopping || fork(), tooSoon);
	});
	onStop(async (signal) => {
		stopping = true;
		for (const worker of Object.values(cluster.workers ?? {})) worker?.process.kill(signal);
		while (startedAt.size > 0) await pause(50);
		process.exit(0);
	});
}

// A system outside that speaks the contract of docs/sources.md, over real HTTP, and misbehaves when it is told to.
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';

export type Row = { person: string; id: string; at: string } & Record<string, unknown>;

/** What it does instead of answering well; for reading, but `refuse` and `hang` for everything. */
export type Fault =
	| 'hang'
	| 'refuse'
	| 'redirect'
	| 'server-error'
	| 'dies-in-a-row'
	| 'no-end'
	| 'wrong-count'
	| 'ten-gigabytes'
	| 'endless-line'
	| 'packed';

export interface SourceServer {
	address: string;
	/** Set once the portal has said it. */
	secret: string;
	rows: Map<string, Row[]>;
	files: Map<string, Buffer>;
	/** Lines that are sent as they are, before the rows. */
	rawLines: Buffer[];
	restricted: Map<string, boolean>;
	fault: Fault | undefined;
	/** Every call that was answered: `GET /people/…`. */
	calls: string[];
	/** Bytes that left, for what never ends. */
	sent: number;
	close(): Promise<void>;
}

const newestFirst = (one: Row, other: Row) =>
	one.at === other.at ? (one.id < other.id ? 1 : -1) : one.at < other.at ? 1 : -1;

const isOlder = (row: Row, place: string) => `${row.at}/${row.id}` < place;

async function bodyOf(request: IncomingMessage): Promise<string> {
	const pieces: Buffer[] = [];
	for await (const piece of request) pieces.push(piece as Buffer);
	return Buffer.concat(pieces).toString();
}

function isSigned(server: SourceServer, request: IncomingMessage, body: string): boolean {
	const hash = createHash('sha256').update(body).digest('hex');
	const payload = `["${request.method}","${request.url}","${hash}"]`;
	try {
		new Webhook(server.secret).verify(payload, request.headers as Record<string, string>);
		return true;
	} catch {
		return false;
	}
}

/** Much, and none of it kept: only as much as is taken leaves. */
function pour(server: SourceServer, response: ServerResponse, piece: Buffer, most: number): void {
	const more = () => {
		while (server.sent < most) {
			server.sent += piece.length;
			if (!response.write(piece)) return void response.once('drain', more);
		}
		response.end();
	};
	response.on('error', () => undefined);
	more();
}

function misbehave(server: SourceServer, response: ServerResponse, rows: readonly Row[]): boolean {
	const line = (row: unknown) => `${JSON.stringify(row)}\n`;
	const whole = rows.map(line).join('');
	switch (server.fault) {
		case 'redirect':
			response.writeHead(302, { Location: `${server.address}/elsewhere` }).end();
			return true;
		case 'packed':
			response.writeHead(200, { 'Content-Encoding': 'gzip' }).end('packed');
			return true;
		case 'dies-in-a-row':
			response.write(`${whole}{"person":"`, () => response.destroy());
			return true;
		case 'no-end':
			response.end(whole);
			return true;
		case 'wrong-count':
			response.end(whole + line({ end: true, count: rows.length + 1 }));
			return true;
		case 'ten-gigabytes':
			pour(
				server,
				response,
				Buffer.from(line({ person: 'x', id: '1', at: '2026-01-01', title: 'y'.repeat(60_000) })),
				10e9
			);
			return true;
		case 'endless-line':
			pour(server, response, Buffer.alloc(65_536, 'a'), 10e9);
			return true;
		case 'hang':
		case 'refuse':
		case 'server-error':
		case undefined:
			return false;
	}
}

function read(server: SourceServer, response: ServerResponse, rows: Row[], asked: URLSearchParams): void {
	if (misbehave(server, response, rows)) return;
	const [before, after, id] = ['before', 'after', 'id'].map((name) => asked.get(name));
	const limit = Number(asked.get('limit') ?? Infinity);
	const chosen = rows.filter(
		(row) =>
			(!before || isOlder(row, before)) &&
			(!after || (!isOlder(row, after) && `${row.at}/${row.id}` !== after)) &&
			(!id || row.id === id)
	);
	const page = after ? chosen.slice(-limit) : chosen.slice(0, limit);
	for (const raw of server.rawLines) response.write(Buffer.concat([raw, Buffer.from('\n')]));
	for (const row of page) response.write(`${JSON.stringify(row)}\n`);
	response.end(`${JSON.stringify({ end: true, count: page.length + server.rawLines.length })}\n`);
}

function change(
	server: SourceServer,
	response: ServerResponse,
	steps: string[],
	{ method, body }: { method: string; body: string }
) {
	const [person = '', category = '', record] = steps;
	const given = body ? (JSON.parse(body) as Record<string, unknown>) : {};
	if (method === 'PUT' && category === 'restriction') server.restricted.set(person, given.on === true);
	else if (method === 'PUT')
		server.rows.set(`${person}/tickets`, [
			{ person, id: 'planted', at: '2026-01-01T00:00:00Z', subject: 'Planted' }
		]);
	else if (method === 'DELETE') {
		for (const key of server.rows.keys()) if (key.startsWith(`${person}/`)) server.rows.delete(key);
	} else {
		const row = server.rows.get(`${person}/${category}`)?.find(({ id }) => !record || id === record);
		if (!row) return void response.writeHead(404).end();
		row[given.field as string] = given.value;
	}
	response.writeHead(204).end();
}

async function answer(
	server: SourceServer,
	request: IncomingMessage,
	response: ServerResponse
): Promise<void> {
	const { method = 'GET', url = '/' } = request;
	const body = await bodyOf(request);
	server.calls.push(`${method} ${url}`);
	if (!isSigned(server, request, body)) return void response.writeHead(401).end();
	if (server.fault === 'hang') return;
	if (server.fault === 'refuse') return void response.writeHead(403).end();
	if (server.fault === 'server-error') return void response.writeHead(503).end();
	const { pathname, searchParams } = new URL(url, server.address);
	const [kind, ...steps] = pathname.slice(1).split('/').map(decodeURIComponent);
	if (kind === 'files') {
		const file = server.files.get(steps.join('/'));
		return void (file
			? response.writeHead(200, { 'Content-Type': 'image/png' }).end(file)
			: response.writeHead(404).end());
	}
	if (method !== 'GET') return change(server, response, steps, { method, body });
	const [person, category, count] = steps;
	const rows = (server.rows.get(`${person}/${category}`) ?? []).toSorted(newestFirst);
	if (count === 'count') return void response.end(JSON.stringify({ count: rows.length }));
	read(server, response, rows, searchParams);
}

export async function startSourceServer(): Promise<SourceServer> {
	const http = createServer((request, response) => {
		void answer(server, request, response).catch(() => response.destroy());
	});
	await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
	const server: SourceServer = {
		address: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
		secret: '',
		rows: new Map(),
		files: new Map(),
		rawLines: [],
		restricted: new Map(),
		fault: undefined,
		calls: [],
		sent: 0,
		close: async () => {
			http.closeAllConnections();
			await new Promise((resolve) => http.close(resolve));
		}
	};
	return server;
}

// Promise: a call over HTTP is signed so that it is good for nothing else, follows no redirect, and reads no packed answer.
import { createHash, randomUUID } from 'node:crypto';
import { Agent as HttpAgent, request as overHttp, type ClientRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as overHttps } from 'node:https';
import { CallFailed, type Call } from '../driver.ts';

/** Signs by Standard Webhooks; the platform knows no secret. */
export type Sign = (id: string, at: Date, payload: string) => string;

export interface Calling {
	method: 'GET' | 'PATCH' | 'PUT' | 'DELETE';
	path: string;
	body?: unknown;
}

const longestAnswer = 64_000;

/** Everything a call says, so that a signature that was seen is good for this very call. */
export const signedPayload = (method: string, target: string, body: string): string =>
	JSON.stringify([method, target, createHash('sha256').update(body).digest('hex')]);

/**
 * The other side had closed a connection that was kept, and heard nothing: what was said is said over another one. Every call may
 * come twice.
 */
const wasGivenUp = (
	{ reusedSocket, res }: ClientRequest & { res?: unknown },
	{ code }: Error & { code?: string }
) => reusedSocket && !res && (code === 'ECONNRESET' || code === 'EPIPE');

/** Sends calls to one address, over at most `pool` connections. */
export function callerOf(base: string, { sign, pool }: { sign: Sign; pool: number }) {
	const root = new URL(base.endsWith('/') ? base : `${base}/`);
	const isSecure = root.protocol === 'https:';
	const options = { keepAlive: true, maxSockets: pool };
	const agent = isSecure ? new HttpsAgent(options) : new HttpAgent(options);
	const request = isSecure ? overHttps : overHttp;

	function send(call: Call, what: Calling): Promise<IncomingMessage> {
		const { method, path, body } = what;
		const url = new URL(path, root);
		const text = body === undefined ? '' : JSON.stringify(body);
		// Asked of the machine: the other side compares it with its own clock, which no test moves.
		const at = new Date();
		const id = `call_${randomUUID()}`;
		const headers = {
			Accept: 'application/x-ndjson, application/json',
			'Webhook-Id': id,
			'Webhook-Timestamp': String(Math.floor(at.getTime() / 1_000)),
			'Webhook-Signature': sign(id, at, signedPayload(method, url.pathname + url.search, text)),
			...(text && { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text) })
		};
		return new Promise((resolve, reject) => {
			// A password in the address goes along as such a header does.
			const auth = root.username
				? `${decodeURIComponent(root.username)}:${decodeURIComponent(root.password)}`
				: undefined;
			const calling = request(url, { method, agent, headers, signal: call.signal, ...(auth && { auth }) });
			calling.on('error', (error) => {
				if (!wasGivenUp(calling, error)) return reject(error);
				new Promise<IncomingMessage>((again) => again(send(call, what))).then(resolve, reject);
			});
			calling.on('response', resolve);
			calling.end(text);
		});
	}

	/** An answer of 2xx, or a failure; 404 too where the caller asks for it. */
	async function ask(
		call: Call,
		calling: Calling,
		allowed: readonly number[] = []
	): Promise<IncomingMessage> {
		const answer = await send(call, calling).catch((error: unknown) => {
			throw new CallFailed('unreachable', (error as { code?: string }).code);
		});
		// An error of its own is told where it is read; without a reader it would end the process.
		answer.on('error', () => undefined);
		const { statusCode = 0, headers } = answer;
		if (statusCode >= 200 && statusCode < 300 && !headers['content-encoding']) return answer;
		if (allowed.includes(statusCode)) return answer;
		answer.destroy();
		if (statusCode >= 500) throw new CallFailed('unreachable', String(statusCode));
		throw new CallFailed(statusCode < 300 ? 'not-understood' : 'refused', String(statusCode));
	}

	/** The bytes of an answer; a connection that ends before it is whole is a failure. */
	async function* bytesOf(answer: IncomingMessage): AsyncGenerator<Uint8Array> {
		try {
			for await (const chunk of answer) yield chunk as Uint8Array;
		} catch {
			throw new CallFailed('cut-off');
		} finally {
			answer.destroy();
		}
	}

	/** A short answer as JSON. */
	async function json(call: Call, calling: Calling): Promise<unknown> {
		const pieces: Uint8Array[] = [];
		let bytes = 0;
		for await (const piece of bytesOf(await ask(call, calling))) {
			bytes += piece.length;
			if (bytes > longestAnswer) throw new CallFailed('over-budget', 'bytes');
			pieces.push(piece);
		}
		try {
			return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(pieces)));
		} catch {
			throw new CallFailed('not-understood');
		}
	}

	/** Asks for a change; the answer's body says nothing. */
	async function tell(call: Call, calling: Calling, allowed: readonly number[] = []): Promise<number> {
		const answer = await ask(call, calling, allowed);
		answer.resume();
		return answer.statusCode ?? 0;
	}

	return { ask, bytesOf, json, tell, close: async () => agent.destroy() };
}

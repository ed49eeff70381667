// Promise: a partner can tell our call from anybody else's (Standard Webhooks), a call that comes twice from two calls, and no
// address of a description leads into the organisation's own network.
import { request as overHttp, type IncomingMessage } from 'node:http';
import { request as overHttps } from 'node:https';
import { RequestFilteringHttpAgent, RequestFilteringHttpsAgent } from 'request-filtering-agent';
import { Webhook } from 'standardwebhooks';
import type { Context } from '../context.ts';

const patience = 15_000;
/** Whoever asks us to come back later than that is called by our own schedule. */
const longestWaitSeconds = 24 * 60 * 60;

interface Call {
	/** The same at every try. */
	id: string;
	/** The partner whose secret signs. */
	secretOf: string;
	type: string;
	/** The instant of what is told; the same at every try, so that the body is. */
	at: string;
	data: Record<string, unknown>;
}

/** `gone`: answered 410, nobody listens there any more. `waitSeconds`: so long it asked to be left alone (`Retry-After`). */
export type WebhookAnswer =
	{ answer: 'acknowledged' } | { answer: 'gone' } | { answer: 'failed'; waitSeconds?: number };

/**
 * What a partner, a listener or a source of the organisation's own checks our calls with: `whsec_` and 32 bytes in Base64,
 * derived from the portal's own keys.
 */
export const webhookSecret = ({ keys }: Pick<Context, 'keys'>, partner: string): string =>
	`whsec_${keys.blindIndex('webhook-secret', partner).toString('base64')}`;

/**
 * The addresses are checked in the look-up of the very connection that then uses them, so that a name which answers
 * differently a second time gains nothing.
 */
function wayTo(url: URL, { privateWebhooks }: Context['settings']) {
	if (url.protocol === 'https:')
		return { request: overHttps, agent: privateWebhooks ? undefined : new RequestFilteringHttpsAgent() };
	return { request: overHttp, agent: privateWebhooks ? undefined : new RequestFilteringHttpAgent() };
}

/** Posts once and answers with the head of what came back; its body is not read, and no redirect is followed. */
function post(
	ctx: Context,
	url: URL,
	{ headers, body, patience }: { headers: Record<string, string>; body: string; patience: number }
): Promise<Pick<IncomingMessage, 'statusCode' | 'headers'>> {
	const { request, agent } = wayTo(url, ctx.settings);
	return new Promise((resolve, reject) => {
		const calling = request(url, {
			method: 'POST',
			agent: agent ?? false,
			signal: AbortSignal.timeout(patience),
			headers: { ...headers, 'Content-Length': Buffer.byteLength(body) }
		});
		calling.on('error', reject);
		calling.on('response', ({ statusCode, headers }) => {
			calling.destroy();
			resolve({ statusCode, headers });
		});
		calling.end(body);
	});
}

/** `Retry-After` in seconds or as a date (RFC 9110 §10.2.3). */
function waitOf(retryAfter: string | undefined, now: Date): { waitSeconds?: number } {
	if (!retryAfter) return {};
	const seconds = /^\d+$/.test(retryAfter)
		? Number(retryAfter)
		: Math.ceil((Date.parse(retryAfter) - now.getTime()) / 1_000);
	return seconds > 0 ? { waitSeconds: Math.min(seconds, longestWaitSeconds) } : {};
}

function answerOf({ statusCode = 0, headers }: Pick<IncomingMessage, 'statusCode' | 'headers'>, now: Date) {
	if (statusCode >= 200 && statusCode < 300) return { answer: 'acknowledged' as const };
	if (statusCode === 410) return { answer: 'gone' as const };
	return { answer: 'failed' as const, ...waitOf(headers['retry-after'], now) };
}

/** Calls a webhook once. Everything but success and 410 is a failure: redirects, silence, an address that must not be reached. */
export async function callWebhook(
	ctx: Context,
	url: string,
	{ id, secretOf, type, at, data }: Call,
	milliseconds = patience
): Promise<WebhookAnswer> {
	const now = ctx.clock.now();
	const body = JSON.stringify({ type, timestamp: at, data });
	const headers = {
		'Content-Type': 'application/json',
		'Webhook-Id': id,
		'Webhook-Timestamp': String(Math.floor(now.getTime() / 1_000)),
		'Webhook-Signature': new Webhook(webhookSecret(ctx, secretOf)).sign(id, now, body)
	};
	try {
		return answerOf(await post(ctx, new URL(url), { headers, body, patience: milliseconds }), now);
	} catch (error) {
		const { code } = error as { code?: unknown };
		ctx.log.warn({ id, partner: secretOf, type, code }, 'a webhook did not answer');
		return { answer: 'failed' };
	}
}

/** Posts JSON once to an address that somebody else gave us, with the same care; whether it was taken. */
export async function postJson(ctx: Context, url: string, data: object): Promise<boolean> {
	const headers = { 'Content-Type': 'application/json' };
	try {
		const { statusCode = 0 } = await post(ctx, new URL(url), {
			headers,
			body: JSON.stringify(data),
			patience
		});
		return statusCode >= 200 && statusCode < 300;
	} catch (error) {
		ctx.log.warn({ code: (error as { code?: unknown }).code }, 'a status could not be told');
		return false;
	}
}

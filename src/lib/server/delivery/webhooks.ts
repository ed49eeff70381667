// Promise: a partner can tell our call from anybody else's (Standard Webhooks), and a call that comes twice from two calls.
import { Webhook } from 'standardwebhooks';
import type { Context } from '../context.ts';
import { instant } from '../platform/clock.ts';

const patience = 10_000;

interface Call {
	/** The same at every try. */
	id: string;
	/** The partner whose secret signs. */
	secretOf: string;
	type: string;
	data: Record<string, unknown>;
}

/** What a partner checks our calls with: `whsec_` and 32 bytes in Base64, derived from the portal's own keys. */
export const webhookSecret = (ctx: Context, partner: string): string =>
	`whsec_${ctx.keys.blindIndex('webhook-secret', partner).toString('base64')}`;

/** Calls a webhook once; true when it answered with success. Neither a redirect is followed nor the answer read. */
export async function callWebhook(
	ctx: Context,
	url: string,
	{ id, secretOf, type, data }: Call
): Promise<boolean> {
	const now = ctx.clock.now();
	const body = JSON.stringify({ type, timestamp: instant(now), data });
	const signature = new Webhook(webhookSecret(ctx, secretOf)).sign(id, now, body);
	try {
		const { ok } = await fetch(url, {
			method: 'POST',
			redirect: 'error',
			signal: AbortSignal.timeout(patience),
			headers: {
				'Content-Type': 'application/json',
				'Webhook-Id': id,
				'Webhook-Timestamp': String(Math.floor(now.getTime() / 1_000)),
				'Webhook-Signature': signature
			},
			body
		});
		return ok;
	} catch {
		ctx.log.warn({ id, partner: secretOf, type }, 'a webhook did not answer');
		return false;
	}
}

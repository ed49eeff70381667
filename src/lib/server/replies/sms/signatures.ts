// Promise: only the gateway that knows the secret brings messages; a signature is compared in constant time.
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { after } from '../../platform/clock.ts';

const isSame = (one: Buffer, other: Buffer): boolean =>
	one.length === other.length && timingSafeEqual(one, other);

const address = /^(https?):\/\/([^/?#]*?)(:\d+)?([/?#].*)?$/s;

/** A gateway signs the address as it knows it: with its port, without, or with the one that goes without saying. */
function spellingsOf(url: string): string[] {
	const [, scheme, host, port, rest = ''] = address.exec(url) ?? [];
	if (!scheme) return [url];
	const usual = scheme === 'https' ? ':443' : ':80';
	return [...new Set([port ?? '', '', usual].map((each) => `${scheme}://${host}${each}${rest}`))];
}

export type Parameters = readonly (readonly [name: string, value: string])[];

/** Names sorted, each with its values; the same one twice counts once. Parameters that we do not know are signed too. */
function inOrder(parameters: Parameters): string {
	const byName = new Map<string, Set<string>>();
	for (const [name, value] of parameters) byName.set(name, (byName.get(name) ?? new Set()).add(value));
	return [...byName.keys()]
		.sort()
		.flatMap((name) => [...(byName.get(name) ?? [])].sort().map((value) => name + value))
		.join('');
}

/**
 * Whether Twilio signed a form that was posted to `url`: HMAC-SHA1 over the address and the sorted parameters, in Base64.
 * `url` is the public one; what stands in the request behind a proxy says nothing.
 */
export function isTwilioForm(
	secret: string,
	url: string,
	parameters: Parameters,
	signature: string
): boolean {
	const given = Buffer.from(signature);
	const signed = inOrder(parameters);
	return spellingsOf(url)
		.map((spelling) =>
			createHmac('sha1', secret)
				.update(spelling + signed)
				.digest('base64')
		)
		.reduce((fits, expected) => isSame(Buffer.from(expected), given) || fits, false);
}

/** The same for another body than a form: its SHA-256 stands in the signed address. */
export function isTwilioBody(secret: string, url: string, body: Uint8Array, signature: string): boolean {
	const hash = new URL(url).searchParams.get('bodySHA256');
	if (!hash) return false;
	const expected = createHash('sha256').update(body).digest();
	return isSame(expected, Buffer.from(hash, 'hex')) && isTwilioForm(secret, url, [], signature);
}

/** How far the gateway's clock may be from ours (Standard Webhooks). */
const toleranceMinutes = 5;

export interface SignedHead {
	id: string;
	/** Seconds since 1970. */
	timestamp: string;
	/** `v1,<Base64>`, several with blanks between. */
	signature: string;
}

/** `whsec_…` is a key in Base64, everything else one as it stands. */
const signerOf = (secret: string): Webhook =>
	secret.startsWith('whsec_') ? new Webhook(secret) : new Webhook(secret, { format: 'raw' });

/** Whether a body was signed as Standard Webhooks say, not longer ago than five minutes. */
export function isStandard(secret: string, head: SignedHead, body: string, now: Date): boolean {
	if (!/^\d{1,12}$/.test(head.timestamp) || !head.id) return false;
	const at = new Date(Number(head.timestamp) * 1_000);
	if (at < after(now, -toleranceMinutes, 'minutes') || at > after(now, toleranceMinutes, 'minutes'))
		return false;
	const expected = Buffer.from(signerOf(secret).sign(head.id, at, body));
	return head.signature
		.split(' ')
		.reduce((fits, given) => isSame(expected, Buffer.from(given)) || fits, false);
}

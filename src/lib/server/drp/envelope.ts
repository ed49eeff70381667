// Promise: what an agent sends counts once, for us, within its time, and only with the agent's own signature.
import { createHash, verify } from 'node:crypto';
import { z } from 'zod';
import type { Context } from '../context.ts';
import { after, instant } from '../platform/clock.ts';
import type { Agent } from './directory.ts';
import { insertSignature } from './queries.ts';

export type EnvelopeRefusal =
	| 'not-base64'
	| 'signature-wrong'
	| 'not-json'
	| 'fields-wrong'
	| 'agent-wrong'
	| 'business-wrong'
	| 'not-yet'
	| 'too-late'
	| 'window-too-long'
	| 'replayed';

const signatureBytes = 64;
/** Ten minutes are recommended; what lasts longer than an hour is no proof of the moment. */
const longestWindowMinutes = 60;

const stamp = z.looseObject({
	'agent-id': z.string(),
	'business-id': z.string(),
	'issued-at': z.iso.datetime({ offset: true }),
	'expires-at': z.iso.datetime({ offset: true })
});

/** The message of libsodium's combined mode: 64 bytes of Ed25519 signature, then what is signed. */
export function signedBy(agent: Agent, body: string): { message: Buffer } | { refused: EnvelopeRefusal } {
	const text = body.trim();
	if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text) || text.length % 4 !== 0) return { refused: 'not-base64' };
	const bytes = Buffer.from(text, 'base64');
	// The last letter can be spelt in several ways; another one would be no replay.
	if (bytes.toString('base64') !== text) return { refused: 'not-base64' };
	if (bytes.length <= signatureBytes) return { refused: 'signature-wrong' };
	const message = bytes.subarray(signatureBytes);
	const isTheirs = verify(null, message, agent.key, bytes.subarray(0, signatureBytes));
	return isTheirs ? { message } : { refused: 'signature-wrong' };
}

export function jsonOf(message: Buffer): { value: unknown } | { refused: 'not-json' } {
	try {
		return { value: JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(message)) as unknown };
	} catch {
		return { refused: 'not-json' };
	}
}

/** The checks in the order of the protocol (1.0, 3.07); the first that fails is told. */
export async function openEnvelope(
	ctx: Context,
	agent: Agent,
	body: string
): Promise<{ value: unknown } | { refused: EnvelopeRefusal }> {
	const signed = signedBy(agent, body);
	if ('refused' in signed) return signed;
	const read = jsonOf(signed.message);
	if ('refused' in read) return read;
	const checked = stamp.safeParse(read.value);
	if (!checked.success) return { refused: 'fields-wrong' };
	const refused = stampProblem(ctx, agent, checked.data);
	if (refused) return { refused };
	const hash = createHash('sha256').update(body.trim()).digest('base64url');
	const expiresAt = instant(new Date(checked.data['expires-at']));
	return (await insertSignature(ctx, { hash, expiresAt })) ? read : { refused: 'replayed' };
}

function stampProblem(
	{ settings, clock }: Context,
	agent: Agent,
	given: z.output<typeof stamp>
): EnvelopeRefusal | undefined {
	if (given['agent-id'] !== agent.id) return 'agent-wrong';
	if (given['business-id'] !== settings.drpBusinessId) return 'business-wrong';
	const now = clock.now();
	const [issued, expires] = [new Date(given['issued-at']), new Date(given['expires-at'])];
	if (issued > now) return 'not-yet';
	if (expires <= now) return 'too-late';
	return expires > after(issued, longestWindowMinutes, 'minutes') ? 'window-too-long' : undefined;
}

// Promise: a write that is sent twice under one key is done once, and answered alike both times, for a day.
import type { Context } from '../context.ts';
import { after, instant } from '../platform/clock.ts';
import { endingOf } from '../platform/work/ending.ts';
import { deleteAnswer, insertAnswer, selectAnswer, updateAnswer } from './queries.ts';

const keptHours = 24;
/** A process that died while it answered leaves its claim behind; nobody answers longer than this. */
const longestMinutes = 10;

export type Begun =
	| { begun: true }
	| { status: number; answer: string }
	| { refused: 'idempotency-key-invalid' | 'idempotency-key-reused' | 'idempotency-key-running' };

/**
 * Claims a key for one request of a token. `body` tells requests apart and is kept as a keyed hash only.
 * Answers what was answered before, or refuses `idempotency-key-reused` (another body) and `idempotency-key-running`.
 */
export async function begin(ctx: Context, tokenId: string, key: string, body: string): Promise<Begun> {
	if (!/^[\x21-\x7e]{1,128}$/.test(key)) return { refused: 'idempotency-key-invalid' };
	const now = ctx.clock.now();
	const bodyHash = ctx.keys.blindIndex('idempotent-body', body);
	const claim = { tokenId, key, bodyHash, status: null, answer: null, createdAt: instant(now) };
	if (await insertAnswer(ctx, claim)) return { begun: true };

	const found = await selectAnswer(ctx, tokenId, key);
	const unit =
		found?.status === null ? after(now, -longestMinutes, 'minutes') : after(now, -keptHours, 'hours');
	if (!found || found.createdAt < instant(unit)) {
		if (found) await deleteAnswer(ctx, tokenId, key, found.createdAt);
		return (await insertAnswer(ctx, claim)) ? { begun: true } : { refused: 'idempotency-key-running' };
	}
	if (!found.bodyHash.equals(bodyHash)) return { refused: 'idempotency-key-reused' };
	if (found.status === null) return { refused: 'idempotency-key-running' };
	return { status: found.status, answer: found.answer ?? '' };
}

/** Keeps the answer: ids and codes only. */
export const finish = (
	ctx: Context,
	tokenId: string,
	key: string,
	{ status, answer }: { status: number; answer: string }
): Promise<void> => updateAnswer(ctx, tokenId, key, status, answer);

/** Frees the key: nothing was done, or doing it again is harmless. */
export const abandon = (ctx: Context, tokenId: string, key: string): Promise<void> =>
	deleteAnswer(ctx, tokenId, key);

/** Answers are forgotten after a day, tokens a year after their end. */
export const idempotencyWork = endingOf<Context>('tokens', [
	{
		rule: 'answers to repeated calls',
		table: 'idempotent_answer',
		key: ['token_id', 'key'],
		from: 'created_at',
		keptFor: 'P1D'
	},
	{ rule: 'tokens', table: 'api_token', key: ['id'], from: 'expires_at', keptFor: 'P1Y' }
]);

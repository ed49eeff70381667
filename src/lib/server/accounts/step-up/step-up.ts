// Promise: what cannot be undone needs a proof of a few minutes ago that it is the person, and where it says so, for that very action.
import type { Context } from '../../context.ts';
import * as audit from '../../audit/audit.ts';
import * as delivery from '../../delivery/delivery.ts';
import { after, instant } from '../../platform/clock.ts';
import { transaction } from '../../platform/database/transaction.ts';
import { release, take, type Limit } from '../../platform/throttle/throttle.ts';
import * as codes from '../codes/codes.ts';
import { fits } from '../passwords.ts';
import { selectCredential } from '../queries.ts';
import { rotate, stepUpMinutes } from '../sessions.ts';
import { selectProof, updateProofUsed, upsertProof } from './queries.ts';

/** Whose proof it is, and in which of their sessions. */
export interface Prover {
	personId: string;
	sessionId: string;
}

const limit: Limit = { name: 'step-up', points: 10, seconds: 3_600 };
const since = (ctx: Context): string => instant(after(ctx.clock.now(), -stepUpMinutes, 'minutes'));

/** How the person can prove who they are: by their password, or, where they have none, by a code sent to them. */
export const wayOf = async (ctx: Context, personId: string): Promise<'password' | 'code'> =>
	(await selectCredential(ctx, personId)) ? 'password' : 'code';

/** `session-ended`: another tab has just proved the same; its new session serves this one too. */
type Proved = { secretId: string } | { refused: 'session-ended' };
type Throttled = { refused: 'too-many-tries'; waitSeconds: number };

/**
 * Proves by password. The session goes on under a new id: answers the secret for the cookie. Refuses `wrong-password`,
 * and `too-many-tries` (10 an hour).
 */
export async function proveByPassword(
	ctx: Context,
	prover: Prover,
	password: string,
	action?: string
): Promise<Proved | { refused: 'wrong-password' } | Throttled> {
	const key = ctx.keys.blindIndex('throttle', prover.personId);
	const wait = await take(ctx, limit, key);
	if (wait) return { refused: 'too-many-tries', ...wait };
	const credential = await selectCredential(ctx, prover.personId);
	if (!(await fits(await ctx.keys.of(prover.personId), credential?.sealed, password)))
		return { refused: 'wrong-password' };
	await release(ctx, limit, key);
	return transaction(ctx, (ctx) => grant(ctx, prover, 'password', action));
}

/** Sends a code to the person's verified address. Refuses `no-address`, and `too-many-tries`. */
export async function sendCode(
	ctx: Context,
	personId: string
): Promise<{ sent: true } | { refused: 'no-address' } | Throttled> {
	const wait = await take(
		ctx,
		{ ...limit, name: 'step-up-codes' },
		ctx.keys.blindIndex('throttle', personId)
	);
	if (wait) return { refused: 'too-many-tries', ...wait };
	return transaction(ctx, async (ctx) => {
		const { code } = await codes.make(ctx, personId, 'step-up');
		const sent = await delivery.send(ctx, personId, {
			template: 'proof-code',
			values: { code, count: codes.codeMinutes }
		});
		return 'refused' in sent ? { refused: sent.refused } : { sent: true };
	});
}

/** Proves by the code that was sent. Refuses `code-wrong`. */
export async function proveByCode(
	ctx: Context,
	prover: Prover,
	typed: string,
	action?: string
): Promise<Proved | { refused: 'code-wrong' }> {
	const open = await codes.current(ctx, prover.personId, 'step-up');
	const outcome = open
		? await codes.use(ctx, prover.personId, { id: open.id, purpose: 'step-up', typed })
		: undefined;
	if (!outcome || 'refused' in outcome) return { refused: 'code-wrong' };
	return transaction(ctx, (ctx) => grant(ctx, prover, 'code', action));
}

async function grant(
	ctx: Context,
	{ personId, sessionId }: Prover,
	way: 'password' | 'code',
	action: string | undefined
): Promise<Proved> {
	const rotated = await rotate(ctx, personId, sessionId);
	if (!rotated) return { refused: 'session-ended' };
	if (action)
		await upsertProof(ctx, {
			personId,
			sessionId: rotated.sessionId,
			action,
			grantedAt: instant(ctx.clock.now())
		});
	// How it was proved belongs into the record of what was opened with it.
	await audit.record(ctx, personId, `identity-proved-by-${way}`);
	return { secretId: rotated.secretId };
}

/** Whether this session holds an unused proof for the action, at most five minutes old. */
export const holds = async (ctx: Context, prover: Prover, action: string): Promise<boolean> =>
	(await selectProof(ctx, { ...prover, action, since: since(ctx) })) !== undefined;

/** Uses the proof for the action; of two tabs that try, one is told no. */
export const use = (ctx: Context, prover: Prover, action: string): Promise<boolean> =>
	updateProofUsed(ctx, { ...prover, action, since: since(ctx), usedAt: instant(ctx.clock.now()) });

/** Lets this session do an action again without proving anew, for as long as `isAllowed` is asked for. */
export const allow = async (ctx: Context, prover: Prover, action: string): Promise<void> => {
	await upsertProof(ctx, { ...prover, action, grantedAt: instant(ctx.clock.now()) });
};

/** Whether `allow` was said within the last `hours`. */
export const isAllowed = async (
	ctx: Context,
	prover: Prover,
	action: string,
	hours: number
): Promise<boolean> =>
	(await selectProof(ctx, { ...prover, action, since: instant(after(ctx.clock.now(), -hours, 'hours')) })) !==
	undefined;

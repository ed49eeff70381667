// Promise: staff sign in apart from people, with a password of their own that has an age; a stranger learns nothing.
import {
	fitsHash,
	forgetFailures,
	hashPassword,
	passwordProblem,
	takeTry,
	type PasswordProblem
} from '../accounts/accounts.ts';
import type { Context } from '../context.ts';
import { instant } from '../platform/clock.ts';
import { transaction } from '../platform/database/transaction.ts';
import { log } from './log.ts';
import type { Member } from './members.ts';
import { deleteSessionsOf, sealHash, selectMember, updateMember } from './queries.ts';
import { end, start } from './sessions.ts';

/** No member's id: those begin with a letter. */
const nobody = '-';

export interface Attempt {
	id: string;
	password: string;
	address: string;
	language: string | null;
	/** The session that this browser had until now; it ends. */
	before?: string | undefined;
}

/**
 * Answers the secret for the cookie. Refuses `wrong-credentials` alike for nobody, somebody removed and a wrong password, in
 * the same time; `too-many-tries` and `staff-locked` as for people (accounts/guesses.ts), counted apart from them.
 */
export async function signIn(
	ctx: Context,
	{ id: typed, password, address, language, before }: Attempt
): Promise<
	| { secretId: string }
	| { refused: 'wrong-credentials' }
	| { refused: 'too-many-tries' | 'staff-locked'; waitSeconds: number }
> {
	const id = typed.normalize('NFKC').trim().toLowerCase();
	const guessed = { account: `staff ${id}`, address: `staff ${address}` };
	const refusal = await takeTry(ctx, guessed);
	if (refusal)
		return refusal.refused === 'sign-in-locked'
			? { ...refusal, refused: 'staff-locked' as const }
			: { ...refusal, refused: 'too-many-tries' as const };
	const row = await selectMember(ctx, id);
	const member = row?.state === 'active' ? row : undefined;
	if (!(await fitsHash(member?.hash, password)) || !member) {
		// Written down for nobody as well, so that it takes as long.
		await log(ctx, member?.id ?? nobody, 'sign-in-refused');
		return { refused: 'wrong-credentials' };
	}
	await forgetFailures(ctx, guessed);
	return transaction(ctx, async (ctx) => {
		if (before) await end(ctx, before);
		await log(ctx, member.id, 'signed-in');
		return { secretId: await start(ctx, member.id, language) };
	});
}

export const signOut = (ctx: Context, member: Member, sessionId: string): Promise<void> =>
	transaction(ctx, async (ctx) => {
		await end(ctx, sessionId);
		await log(ctx, member.id, 'signed-out');
	});

export type PasswordOutcome =
	| { secretId: string }
	| { problems: { 'new-password': { code: PasswordProblem | 'password-same' } } }
	| { refused: 'wrong-password' }
	| { refused: 'too-many-tries' | 'staff-locked'; waitSeconds: number };

/**
 * A new password, for whoever knows the present one. Every session of the member ends; the answer is the secret of a new
 * one. `problems`: the rules of people's passwords, and `password-same`. Refuses `wrong-password`.
 */
export async function changePassword(
	ctx: Context,
	member: Member,
	given: { present: string; next: string; language: string | null }
): Promise<PasswordOutcome> {
	const guessed = { account: `staff ${member.id}`, address: `staff password ${member.id}` };
	const refusal = await takeTry(ctx, guessed);
	if (refusal) return { refused: 'too-many-tries', waitSeconds: refusal.waitSeconds };
	const row = await selectMember(ctx, member.id);
	if (!(await fitsHash(row?.hash, given.present))) return { refused: 'wrong-password' };
	await forgetFailures(ctx, guessed);
	const names = Object.values(ctx.organisation.organisation.name);
	const code =
		passwordProblem(given.next, [member.id, member.name, ...names]) ??
		(given.next.normalize('NFC') === given.present.normalize('NFC') ? 'password-same' : undefined);
	if (code) return { problems: { 'new-password': { code } } };
	const hash = await hashPassword(given.next);
	return transaction(ctx, async (ctx) => {
		await updateMember(ctx, member.id, {
			hash: sealHash(ctx, member.id, hash),
			passwordAt: instant(ctx.clock.now()),
			initial: 0
		});
		await deleteSessionsOf(ctx, member.id);
		await log(ctx, member.id, 'password-changed');
		return { secretId: await start(ctx, member.id, given.language) };
	});
}

// Promise: a new password ends every other session, and the person is told.
import type { Context } from '../context.ts';
import * as audit from '../audit/audit.ts';
import { instant } from '../platform/clock.ts';
import { transaction } from '../platform/database/transaction.ts';
import { identifiersOf } from './identifiers.ts';
import { problemOf, type PasswordProblem } from './password-rules.ts';
import { sealPassword } from './passwords.ts';
import { upsertCredential } from './queries.ts';
import { tellEveryAddress } from './security-notice.ts';
import { endAll } from './sessions.ts';

/** A password that passed the rules, hashed and sealed before any transaction. */
interface Checked {
	credential: Buffer;
}

/** Checks a new password against the rules, the person's own identifiers and the name of the organisation. */
export async function checkPassword(
	ctx: Context,
	personId: string,
	password: string
): Promise<Checked | { problem: PasswordProblem }> {
	const identifiers = await identifiersOf(ctx, personId);
	const names = Object.values(ctx.organisation.organisation.name);
	const problem = problemOf(password, [...identifiers.map(({ value }) => value), ...names]);
	if (problem) return { problem };
	return { credential: await sealPassword(await ctx.keys.of(personId), password) };
}

/** Within the caller's transaction: keeps the password, ends every session but `except`, tells the person at every address. */
export async function setPassword(
	ctx: Context,
	personId: string,
	{ credential }: Checked,
	except?: string
): Promise<void> {
	const changedAt = instant(ctx.clock.now());
	await upsertCredential(ctx, { personId, sealed: credential, changedAt });
	await endAll(ctx, personId, except);
	await audit.record(ctx, personId, 'password-changed');
	await tellEveryAddress(ctx, personId, 'password-changed');
}

/**
 * Changes the password of a signed-in person who has just proved who they are. Every other session ends. Answers what is
 * wrong with the new one.
 */
export async function changePassword(
	ctx: Context,
	personId: string,
	session: string,
	password: string
): Promise<{ changed: true } | { problem: PasswordProblem }> {
	const checked = await checkPassword(ctx, personId, password);
	if ('problem' in checked) return checked;
	await transaction(ctx, (ctx) => setPassword(ctx, personId, checked, session));
	return { changed: true };
}

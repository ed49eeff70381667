// Promise: a person signs in with what they know; a stranger learns nothing, not even whether an account exists.
import type { Context } from '../context.ts';
import * as audit from '../audit/audit.ts';
import * as delivery from '../delivery/delivery.ts';
import { instant } from '../platform/clock.ts';
import { transaction } from '../platform/database/transaction.ts';
import { looksAlike } from './devices.ts';
import { forgetFailures, takeTry } from './guesses.ts';
import { kindsOf, normalise } from './identifiers.ts';
import { fits } from './passwords.ts';
import { selectForSignIn, selectMark } from './queries.ts';
import { end, list, start, type Device } from './sessions.ts';

/** The person with this email, phone or username, which of them it is, and their credential; undefined for a stranger. */
export async function lookUp(ctx: Context, identifier: string) {
	for (const kind of kindsOf(identifier)) {
		const value = normalise(kind, identifier, ctx.organisation.organisation.country);
		const found = value ? await selectForSignIn(ctx, kind, ctx.keys.blindIndex(kind, value)) : undefined;
		if (found) return { ...found, kind };
	}
	return undefined;
}

/** Who comes in: the browser, its language, and the session that it had until now, which ends. */
export interface Visit {
	device: Device;
	language: string | null;
	before?: { personId: string; id: string } | undefined;
}

export interface Attempt extends Visit {
	identifier: string;
	password: string;
}

export type SignInRefusal =
	| { refused: 'wrong-credentials' | 'account-locked' }
	| { refused: 'too-many-tries' | 'sign-in-locked'; waitSeconds: number };

/**
 * Signs in with an identifier and a password. Answers the secret for the cookie. A child that waits for consent and a
 * person in their grace period can sign in; one whose erasure has begun can't.
 * Refuses `wrong-credentials` alike for no such account, no password and a wrong one, in the same time;
 * `account-locked`, to whoever has the right password, while a report about a child is looked into;
 * `too-many-tries` and `sign-in-locked` as guesses.ts counts. Names that nobody has are counted as accounts are.
 */
export async function signIn(
	ctx: Context,
	attempt: Attempt
): Promise<{ secretId: string; personId: string } | SignInRefusal> {
	const found = await lookUp(ctx, attempt.identifier);
	const account = found?.personId ?? attempt.identifier.normalize('NFKC').trim().toLowerCase();
	const guessed = { account, address: attempt.device.address };
	const refusal = await takeTry(ctx, guessed);
	if (refusal) return refusal;

	const key = found && found.state !== 'erasing' ? await ctx.keys.find(found.personId) : undefined;
	if (!(await fits(key, found?.credential, attempt.password)) || !found)
		return { refused: 'wrong-credentials' };
	// Only whoever knows the password learns it.
	if (found.state === 'locked') return { refused: 'account-locked' };

	await forgetFailures(ctx, guessed);
	const acting: Context = { ...ctx, actor: `person:${found.personId}` };
	return {
		secretId: await transaction(acting, (ctx) => admit(ctx, found.personId, attempt)),
		personId: found.personId
	};
}

/** Starts the session, in the caller's transaction, and tells the person of a browser that is new to their account. */
export async function admit(
	ctx: Context,
	personId: string,
	{ device, language, before }: Visit,
	way: 'session-started' | 'session-started-by-code' = 'session-started'
): Promise<string> {
	const known = await list(ctx, personId, '');
	if (before) await end(ctx, before.personId, before.id);
	const secretId = await start(ctx, personId, device, language);
	await audit.record(ctx, personId, way);
	// Somebody signed in nowhere has nothing to compare with, and would only learn to pass such mails over.
	if (known.length > 0 && !known.some((session) => looksAlike(session, device)))
		await delivery.send(ctx, personId, {
			template: 'new-device',
			values: { signedInAt: instant(ctx.clock.now()) }
		});
	return secretId;
}

export interface DemonstrationSignIn {
	identifier: string;
	label: string;
	role: string;
}

/** The ways in that the demonstration's data brought along, of those who are still there; none outside the demonstration. */
export async function demonstrationSignIns(ctx: Context): Promise<DemonstrationSignIn[]> {
	if (!ctx.settings.demonstration) return [];
	const mark = await selectMark(ctx, 'sign-ins');
	const cast = mark ? (JSON.parse(mark.value) as DemonstrationSignIn[]) : [];
	const found = await Promise.all(cast.map(({ identifier }) => lookUp(ctx, identifier)));
	return cast.filter((_, index) => found[index]);
}

/** CONTRACT §1: the password of everybody in the demonstration. */
export const demonstrationPassword = 'demonstration-only';

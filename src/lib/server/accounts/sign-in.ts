// Promise: a person signs in with what they know; a stranger learns nothing, not even whether an account exists.
import type { Context } from '../context.ts';
import * as audit from '../audit/audit.ts';
import * as delivery from '../delivery/delivery.ts';
import { instant } from '../platform/clock.ts';
import { transaction } from '../platform/database/transaction.ts';
import { take, release, type Limit } from '../platform/throttle/throttle.ts';
import { looksAlike } from './devices.ts';
import { kindsOf, normalise } from './identifiers.ts';
import { fits } from './passwords.ts';
import { selectForSignIn, selectMark } from './queries.ts';
import { end, list, start, type Device } from './sessions.ts';

const perAccount: Limit = { name: 'sign-in-account', points: 5, seconds: 60 };
const perAddress: Limit = { name: 'sign-in-address', points: 20, seconds: 60 };
/** Wrong passwords in a row (NIST SP 800-63B-4: at most 100); a right one or a recovery begins anew. */
const inARow: Limit = { name: 'sign-in-row', points: 100, seconds: 30 * 86_400 };

/** The person with this email, phone or username, and their credential; undefined for a stranger. */
export async function lookUp(ctx: Context, identifier: string) {
	for (const kind of kindsOf(identifier)) {
		const value = normalise(kind, identifier, ctx.organisation.organisation.country);
		const found = value ? await selectForSignIn(ctx, kind, ctx.keys.blindIndex(kind, value)) : undefined;
		if (found) return found;
	}
	return undefined;
}

const throttleKey = (ctx: Context, name: string): Buffer => ctx.keys.blindIndex('throttle', name);

/** Gives an account its tries back. */
export const forgetFailures = async (ctx: Context, personId: string): Promise<void> => {
	for (const limit of [perAccount, inARow]) await release(ctx, limit, throttleKey(ctx, personId));
};

export interface Attempt {
	identifier: string;
	password: string;
	device: Device;
	language: string | null;
	/** The session that this browser had until now; it ends. */
	before?: { personId: string; id: string } | undefined;
}

export type SignInRefusal =
	| { refused: 'wrong-credentials' }
	| { refused: 'too-many-tries'; waitSeconds: number }
	| { refused: 'sign-in-locked' };

/**
 * Signs in with an identifier and a password. Answers the secret for the cookie. A child that waits for consent and a
 * person in their grace period can sign in; one whose erasure has begun can't.
 * Refuses `wrong-credentials` alike for no such account, no password and a wrong one, in the same time;
 * `too-many-tries` with the seconds to wait (5 a minute an account, 20 an address); `sign-in-locked` after 100 wrong
 * ones in a row, which a recovery by code opens again. Strangers' names are counted as accounts are.
 */
export async function signIn(
	ctx: Context,
	attempt: Attempt
): Promise<{ secretId: string; personId: string } | SignInRefusal> {
	const found = await lookUp(ctx, attempt.identifier);
	const account = throttleKey(
		ctx,
		found?.personId ?? attempt.identifier.normalize('NFKC').trim().toLowerCase()
	);
	const wait =
		(await take(ctx, perAccount, account)) ??
		(await take(ctx, perAddress, throttleKey(ctx, attempt.device.address)));
	if (wait) return { refused: 'too-many-tries', ...wait };
	if (await take(ctx, inARow, account)) return { refused: 'sign-in-locked' };

	const key = found && found.state !== 'erasing' ? await ctx.keys.find(found.personId) : undefined;
	if (!(await fits(key, found?.credential, attempt.password)) || !found)
		return { refused: 'wrong-credentials' };

	await forgetFailures(ctx, found.personId);
	const acting: Context = { ...ctx, actor: `person:${found.personId}` };
	return {
		secretId: await transaction(acting, (ctx) => admit(ctx, found.personId, attempt)),
		personId: found.personId
	};
}

async function admit(ctx: Context, personId: string, { device, language, before }: Attempt): Promise<string> {
	const known = await list(ctx, personId, '');
	if (before) await end(ctx, before.personId, before.id);
	const secretId = await start(ctx, personId, device, language);
	await audit.record(ctx, personId, 'session-started');
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

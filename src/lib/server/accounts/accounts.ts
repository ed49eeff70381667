// Promise: a person signs in with what they know; a stranger learns nothing, not even whether an account exists.
import type { Context } from '../context.ts';
import * as audit from '../audit/audit.ts';
import { take, release, type Limit } from '../platform/throttle/throttle.ts';
import { kindsOf, normalise } from './identifiers.ts';
import { fits } from './passwords.ts';
import { selectByIdentifier } from './queries.ts';
import { start, type Device } from './sessions.ts';

export type { Person } from './people.ts';
export type { Session, SessionSummary, Device } from './sessions.ts';

const perAccount: Limit = { name: 'sign-in-account', points: 5, seconds: 60 };
const perAddress: Limit = { name: 'sign-in-address', points: 20, seconds: 60 };

/** The person with this email, phone or username, and their credential; undefined for a stranger. */
export async function lookUp(ctx: Context, identifier: string) {
	for (const kind of kindsOf(identifier)) {
		const value = normalise(kind, identifier, ctx.organisation.organisation.country);
		const found = value ? await selectByIdentifier(ctx, kind, ctx.keys.blindIndex(kind, value)) : undefined;
		if (found) return found;
	}
	return undefined;
}

/**
 * Signs in with an identifier and a password. Answers the secret for the cookie.
 * Refuses `wrong-credentials` alike for no such account, no password and a wrong one, in the same time;
 * `too-many-tries` with the seconds to wait (5 a minute an account, 20 an address).
 */
export async function signIn(
	ctx: Context,
	attempt: { identifier: string; password: string; device: Device; language: string | null }
): Promise<{ secretId: string; personId: string } | { refused: 'wrong-credentials' } | { refused: 'too-many-tries'; waitSeconds: number }> {
	const accountKey = ctx.keys.blindIndex('throttle', attempt.identifier.normalize('NFKC').trim().toLowerCase());
	const addressKey = ctx.keys.blindIndex('throttle', attempt.device.address);
	const wait = (await take(ctx, perAccount, accountKey)) ?? (await take(ctx, perAddress, addressKey));
	if (wait) return { refused: 'too-many-tries', ...wait };

	const found = await lookUp(ctx, attempt.identifier);
	const key = found ? await ctx.keys.find(found.personId) : undefined;
	if (!(await fits(key, found?.credential, attempt.password)) || !found) return { refused: 'wrong-credentials' };

	await release(ctx, perAccount, accountKey);
	const secretId = await start(ctx, found.personId, attempt.device, attempt.language);
	await audit.record({ ...ctx, actor: `person:${found.personId}` }, found.personId, 'session-started', {});
	return { secretId, personId: found.personId };
}

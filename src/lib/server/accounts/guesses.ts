// Promise: guessing a password is slow from anywhere, and no guesser keeps a person out for longer than minutes.
import type { Context } from '../context.ts';
import { isTaken, release, take, type Limit } from '../platform/throttle/throttle.ts';

const perAddress: Limit = { name: 'sign-in-address', points: 20, seconds: 60 };
/** For one account from one address, so that a stranger's tries are not the person's. */
const here: Limit = { name: 'sign-in-here', points: 5, seconds: 60 };
const hereAnHour: Limit = { name: 'sign-in-here-hour', points: 30, seconds: 3_600 };
/**
 * For one account from all addresses together where it never signed in. NIST SP 800-63B-4 allows 100 in a row and then
 * demands recovery; that would let anybody lock out a child who has a username alone, and so could not recover. It is
 * 100 an hour instead.
 */
const elsewhereAnHour: Limit = { name: 'sign-in-elsewhere', points: 100, seconds: 3_600 };
/** An address from which the person signed in lately: what strangers do elsewhere does not count there. */
const known: Limit = { name: 'sign-in-known', points: 1, seconds: 30 * 86_400 };

/** Whoever has this account, or, for a name that nobody has, the name. */
export interface Guessed {
	account: string;
	address: string;
}

const keysOf = (ctx: Context, { account, address }: Guessed) => ({
	address: ctx.keys.blindIndex('throttle', address),
	account: ctx.keys.blindIndex('throttle', account),
	pair: ctx.keys.blindIndex('throttle', `${account} ${address}`)
});

/**
 * Takes a try. Refuses `too-many-tries` with the seconds to wait (5 a minute for an account from an address, 20 an address
 * for all), and `sign-in-locked` for at most an hour (30 from an address, 100 from everywhere else).
 */
export async function takeTry(
	ctx: Context,
	guessed: Guessed
): Promise<{ refused: 'too-many-tries' | 'sign-in-locked'; waitSeconds: number } | undefined> {
	const keys = keysOf(ctx, guessed);
	const short = (await take(ctx, here, keys.pair)) ?? (await take(ctx, perAddress, keys.address));
	if (short) return { refused: 'too-many-tries', ...short };
	const long =
		(await take(ctx, hereAnHour, keys.pair)) ??
		((await isTaken(ctx, known, keys.pair)) ? undefined : await take(ctx, elsewhereAnHour, keys.account));
	return long && { refused: 'sign-in-locked', ...long };
}

/** After a right password or a recovery: the tries are given back, and the address is known from now on. */
export async function forgetFailures(ctx: Context, guessed: Guessed): Promise<void> {
	const keys = keysOf(ctx, guessed);
	for (const limit of [here, hereAnHour, known]) await release(ctx, limit, keys.pair);
	await release(ctx, elsewhereAnHour, keys.account);
	await take(ctx, known, keys.pair);
}

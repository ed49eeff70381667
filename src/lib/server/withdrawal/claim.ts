// Promise: whoever holds the claim code learns how an erasure stands, and nobody else learns that there was one.
import type { Context } from '../context.ts';
import { after, instant } from '../platform/clock.ts';
import { take, type Limit } from '../platform/throttle/throttle.ts';
import type { ErasureCaseTable } from '../schema.ts';
import * as cases from './case/case.ts';
import { issued, type Issued } from './case/certificate.ts';
import { selectSources } from './case/queries.ts';

export interface Claimed {
	state: 'grace' | 'cancelled' | 'erasing' | 'erased' | 'closed';
	requestedAt: string;
	eraseAt: string;
	lockedAt: string | null;
	erasedAt: string | null;
	/** When the case is closed at the latest; null before the erasure is done. */
	closesBy: string | null;
	/** Systems outside in which the data is not destroyed yet, and since when that is tried. */
	waitingFor: { source: string; since: string }[];
	/** Once everything is destroyed. */
	issued: Issued | undefined;
}

/** Longer than any code, however it is spaced: what is longer still is as wrong as any other. */
export const longestTyped = 200;

const perAddress: Limit = { name: 'claim', points: 20, seconds: 3_600 };

const states: Record<ErasureCaseTable['state'], Claimed['state']> = {
	grace: 'grace',
	cancelled: 'cancelled',
	locked: 'erasing',
	erased: 'erased',
	closed: 'closed'
};

/**
 * How the erasure of a claim code stands; case does not matter, nor does anything but letters and digits. The code is
 * looked up by its keyed hash, so time says nothing of how much of it was right. Refuses `claim-unknown`, and
 * `too-many-tries` beyond twenty an hour and address.
 */
export async function claim(
	ctx: Context,
	code: string,
	address: string
): Promise<Claimed | { refused: 'claim-unknown' } | { refused: 'too-many-tries'; waitSeconds: number }> {
	const wait = await take(ctx, perAddress, ctx.keys.blindIndex('throttle', address));
	return wait ? { refused: 'too-many-tries', ...wait } : stateOfClaim(ctx, code);
}

/** The same without a limit, for the operator who has just been given the code. Refuses `claim-unknown`. */
export async function stateOfClaim(
	ctx: Context,
	code: string
): Promise<Claimed | { refused: 'claim-unknown' }> {
	const found = await cases.findByClaim(ctx, code.slice(0, longestTyped));
	if (!found) return { refused: 'claim-unknown' };
	const { id, state, requestedAt, eraseAt, lockedAt, erasedAt } = found;
	const { followUpDays } = ctx.organisation.withdrawal;
	return {
		state: states[state],
		requestedAt,
		eraseAt,
		lockedAt,
		erasedAt,
		waitingFor: (await selectSources(ctx, id)).flatMap(({ source, state, at: since }) =>
			state === 'waiting' && found.state === 'erased' ? [{ source, since }] : []
		),
		closesBy: erasedAt && instant(after(new Date(erasedAt), followUpDays, 'days')),
		issued: await issued(ctx, id)
	};
}

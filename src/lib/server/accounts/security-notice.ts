// Promise: a change of how somebody signs in is told at every address of theirs, the old one too, so that a thief can hide it nowhere.
import type { Context } from '../context.ts';
import * as delivery from '../delivery/delivery.ts';
import { instant } from '../platform/clock.ts';
import { identifiersOf } from './identifiers.ts';

/**
 * Writes to each verified email and phone that the person has now, whatever the number was given for, and to the `old` ones
 * that they had until now; in the transaction of the change, after it (ASVS 6.3.7).
 */
export async function tellEveryAddress(
	ctx: Context,
	personId: string,
	template: 'password-changed' | 'address-changed',
	old: readonly string[] = []
): Promise<void> {
	const changedAt = instant(ctx.clock.now());
	const current = (await identifiersOf(ctx, personId)).filter(
		({ kind, verifiedAt }) => (kind === 'email' || kind === 'phone') && verifiedAt
	);
	for (const to of new Set([...old, ...current.map(({ value }) => value)]))
		await delivery.send(ctx, personId, { template, to, values: { changedAt } });
}

// Promise: a partner is told if and only if what it is told was committed, and the person sees what became of it.
import type { Context } from '../../context.ts';
import { webhookOf } from '../../organisation/lookup.ts';
import { instant } from '../../platform/clock.ts';
import { open, seal } from '../../platform/keys/keys.ts';
import type { PartnerCallTable } from '../../schema.ts';
import { insertCall, selectTold, selectWaitingCalls, updateSealed } from './queries.ts';

export interface PartnerCall {
	/** A partner of the description; one that it has dropped, or that has no webhook, is written down as `no-webhook`. */
	partner: string;
	/** A type of CONTRACT §5, such as `correction.decided`. */
	type: string;
	/** Ids, codes and, where the partner has to replace a value, that value; sealed until it was delivered. */
	data: Record<string, unknown>;
	/** The matter, such as `correction:<id>`, under which `toldPartners` finds it. */
	about: string;
}

/** Where the data of a call is sealed. */
export const callPlace = (id: string) => ({ table: 'partner_call', column: 'sealed', row: id });

/** Writes a call to a partner into the outbox, in the caller's transaction; due work delivers it when that has committed. */
export async function tellPartner(
	ctx: Context,
	personId: string,
	{ partner, type, data, about }: PartnerCall
): Promise<{ id: string }> {
	const id = ctx.ids.next();
	const now = instant(ctx.clock.now());
	const called = webhookOf(ctx.organisation, partner) !== undefined;
	const sealed = called ? seal(await ctx.keys.of(personId), callPlace(id), data) : Buffer.alloc(0);
	await insertCall(ctx, {
		personId,
		id,
		partner,
		type,
		about,
		state: called ? 'waiting' : 'no-webhook',
		sealed,
		createdAt: now,
		at: now,
		nextAttemptAt: called ? now : null,
		leasedUntil: null,
		attempts: 0
	});
	return { id };
}

/**
 * Takes values out of calls that still wait, in the caller's transaction: what may not go any more, or is another by now, must
 * not go by a late try. The partner still hears that what it has is wrong. Of one partner or field where they are given.
 */
export async function withholdValues(
	ctx: Context,
	personId: string,
	only: { partner?: string; field?: string } = {}
): Promise<void> {
	const waiting = await selectWaitingCalls(ctx, personId);
	if (waiting.length === 0) return;
	const key = await ctx.keys.of(personId);
	for (const { id, partner, sealed } of waiting) {
		const { value, ...data } = open<Record<string, unknown>>(key, callPlace(id), sealed);
		const isMeant = (only.partner ?? partner) === partner && (only.field ?? data['field']) === data['field'];
		if (value !== undefined && isMeant) await updateSealed(ctx, personId, id, seal(key, callPlace(id), data));
	}
}

/** What became of the newest call to each partner about a matter. `no-webhook`: the organisation has to tell it. */
export async function toldPartners(
	ctx: Context,
	personId: string,
	about: string
): Promise<Pick<PartnerCallTable, 'partner' | 'state' | 'at'>[]> {
	const newest = new Map((await selectTold(ctx, personId, about)).map((row) => [row.partner, row]));
	return [...newest.values()];
}

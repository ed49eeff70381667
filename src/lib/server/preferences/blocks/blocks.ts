// Promise: an address that must not be written to is not, for as long as it is that address; the person sees why.
import * as audit from '../../audit/audit.ts';
import * as contactChanges from '../../contact-changes/contact-changes.ts';
import type { Context } from '../../context.ts';
import { instant } from '../../platform/clock.ts';
import { transaction } from '../../platform/database/transaction.ts';
import type { AddressBlockTable } from '../../schema.ts';
import { tellSenders } from '../telling.ts';
import {
	deleteBlock,
	deleteStrangerStop,
	insertStrangerStop,
	selectAddressFacts,
	selectBlind,
	upsertBlock
} from './queries.ts';

export type BlockReason = AddressBlockTable['because'];
type Way = AddressBlockTable['channel'];

const kinds = { email: 'email', sms: 'phone' } as const;

/**
 * From now on the person's address by that way, as it is now, is written to no more: where it bounced for good, with nothing but
 * codes; where the carrier refuses it, not at all; where its owner complained or wrote something that is still to be read, with
 * nothing but what is essential.
 * Another address is not blocked. The same again changes nothing. Refuses `no-address`, and `person-leaving` once the erasure
 * has begun.
 */
export async function block(
	ctx: Context,
	personId: string,
	channel: Way,
	because: BlockReason
): Promise<{ changed: boolean } | { refused: 'no-address' | 'person-leaving' }> {
	return transaction(ctx, async (ctx) => {
		if (!(await audit.holdPerson(ctx, personId))) return { refused: 'person-leaving' as const };
		const blind = await selectBlind(ctx, personId, kinds[channel]);
		if (!blind) return { refused: 'no-address' as const };
		const since = instant(ctx.clock.now());
		if (!(await upsertBlock(ctx, { personId, channel, because, blind, since }))) return { changed: false };
		await audit.record(ctx, personId, `address-blocked-${because}`, { channel });
		await contactChanges.note(ctx, personId, { channel });
		await tellSenders(ctx, personId, `block:${because}`, [channel]);
		return { changed: true };
	});
}

/** Ends such a block; answers whether there was one. Refuses `person-leaving` once the erasure has begun. */
export async function unblock(
	ctx: Context,
	personId: string,
	channel: Way,
	because: BlockReason
): Promise<{ changed: boolean } | { refused: 'person-leaving' }> {
	return transaction(ctx, async (ctx) => {
		if (!(await audit.holdPerson(ctx, personId))) return { refused: 'person-leaving' as const };
		if (!(await deleteBlock(ctx, personId, channel, because))) return { changed: false };
		await audit.record(ctx, personId, `address-unblocked-${because}`, { channel });
		await contactChanges.note(ctx, personId, { channel });
		await tellSenders(ctx, personId, `block:${because}`, [channel]);
		return { changed: true };
	});
}

/**
 * A stop from an address that belongs to nobody here: whoever has it later is written to by that way with nothing that can be
 * refused, until they choose otherwise themselves. `address` in the form in which identifiers are compared
 * (`accounts.normalise`). The newest stop counts; one without a time of its own only where there is none yet.
 */
export async function stopStranger(
	ctx: Context,
	channel: Way,
	address: string,
	{ at }: { at?: Date } = {}
): Promise<{ changed: boolean }> {
	const blind = ctx.keys.blindIndex(kinds[channel], address);
	const stop = { channel, blind, at: instant(at ?? ctx.clock.now()) };
	return { changed: await insertStrangerStop(ctx, stop, at !== undefined) };
}

/**
 * Whoever has the address now wants to be written to: ends the stop of somebody who had it before, where that came before `at` (at
 * the same instant the stop wins). In the caller's transaction, which holds the person. Answers whether there was one.
 */
export async function liftStrangerStop(
	ctx: Context,
	personId: string,
	channel: Way,
	at: Date
): Promise<boolean> {
	const blind = await selectBlind(ctx, personId, kinds[channel]);
	if (!blind || !(await deleteStrangerStop(ctx, { channel, blind, at: instant(at) }))) return false;
	await audit.record(ctx, personId, 'address-unblocked-stranger', { channel });
	await contactChanges.note(ctx, personId, { channel });
	await tellSenders(ctx, personId, 'block:stranger', [channel]);
	return true;
}

export interface Block {
	channel: Way;
	because: BlockReason;
	since: string;
}

/** What keeps the addresses that the person has now from being written to. */
export async function blocksOf(ctx: Context, personId: string): Promise<Block[]> {
	const facts = await selectAddressFacts(ctx, [personId]);
	return facts.flatMap(({ blocked: channel, because, since }) =>
		channel && because && since ? [{ channel, because, since }] : []
	);
}

/** What the person sees of it: a way, why nothing or little comes by it, and since when. */
export interface Obstacle {
	channel: string;
	because: BlockReason | 'verification-only';
	since: string | null;
}

/** Blocks, and addresses that were given for signing in safely alone. */
export async function obstaclesOf(ctx: Context, personId: string): Promise<Obstacle[]> {
	const isForVerification = (await selectAddressFacts(ctx, [personId])).filter(
		({ use }) => use === 'verification'
	);
	const kept = new Set(
		isForVerification.flatMap(({ kind }) => (kind === 'email' ? ['email'] : ['sms', 'phone']))
	);
	const ways = ctx.organisation.channels.filter(({ id }) => kept.has(id));
	return [
		...(await blocksOf(ctx, personId)),
		...ways.map(({ id: channel }) => ({ channel, because: 'verification-only' as const, since: null }))
	];
}

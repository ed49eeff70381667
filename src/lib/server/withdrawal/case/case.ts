// Promise: what must be known after a person is gone hangs on a code that only they have, and on a key that dies with the case.
import * as delivery from '../../delivery/delivery.ts';
import type { Context } from '../../context.ts';
import { instant } from '../../platform/clock.ts';
import { open, seal } from '../../platform/keys/keys.ts';
import type { ErasureCaseTable } from '../../schema.ts';
import { planOf, type Plan } from './plan.ts';
import { waitingFor, type HeldOutside } from './outside.ts';
import {
	insertCase,
	insertRecipients,
	insertSources,
	selectCase,
	selectCaseByClaim,
	updateCase
} from './queries.ts';

/** What is still needed when the person's key is gone: their last address, and the name under which others know them. */
export interface Farewell {
	/** Let go of once the last message was handed over, also where a system outside is waited for longer. */
	reader: delivery.Reader | undefined;
	/** Who it was here, for what the law keeps of what lies outside; missing in a case of before there were sources. */
	personId?: string | undefined;
	externalId: string;
	claimCode: string;
}

const groups = 5;
const groupLength = 4;

/** Twenty characters in groups of four: 92 bits, too many to be guessed. */
const makeClaimCode = (ctx: Context): string =>
	Array.from({ length: groups }, () => ctx.ids.spokenCode(groupLength)).join('-');

/** Copied from a letter, a code brings blanks, dashes and marks of direction along; Arabic keyboards write digits of their own. */
const normalised = (typed: string): string =>
	typed
		.normalize('NFKC')
		.toUpperCase()
		.replace(/[^\p{L}\p{N}]/gu, '')
		.replace(/[\u0660-\u0669\u06F0-\u06F9]/g, (digit) => String(digit.charCodeAt(0) & 0xf));
const claimHash = (ctx: Context, code: string): Buffer => ctx.keys.blindIndex('claim', normalised(code));
const placeOf = (id: string) => ({ table: 'erasure_case', column: 'sealed', row: id });

/** Opens the case of a withdrawal, in its transaction. The code is answered once, and kept with the person only. */
export async function begin(
	ctx: Context,
	{ requestedAt, eraseAt }: { requestedAt: string; eraseAt: string }
): Promise<{ caseId: string; claimCode: string }> {
	const [caseId, claimCode] = [ctx.ids.next(), makeClaimCode(ctx)];
	const nothing = { lockedAt: null, erasedAt: null, plan: null, sealed: null, toldAt: null };
	const notDue = { nextAttemptAt: null, leasedUntil: null, attempts: 0 };
	await insertCase(ctx, {
		id: caseId,
		claimHash: claimHash(ctx, claimCode),
		state: 'grace',
		requestedAt,
		eraseAt,
		...nothing,
		...notDue
	});
	return { caseId, claimCode };
}

/** The person stays. */
export const cancel = (ctx: Context, caseId: string) => updateCase(ctx, caseId, { state: 'cancelled' });

/**
 * Writes down what is to be destroyed, kept and told, in the transaction that locks the person: from here on their data
 * does not change any more.
 */
export async function lock(
	ctx: Context,
	personId: string,
	{ caseId, eraseAt, claimCode, externalId }: { caseId: string; eraseAt: string } & Omit<Farewell, 'reader'>,
	held: HeldOutside
): Promise<void> {
	const lockedAt = instant(ctx.clock.now());
	const key = await ctx.caseKeys.find(caseId);
	if (!key) throw new Error('the key of a case was not made');
	const plan = await planOf(ctx, personId, eraseAt);
	const reader = await delivery.readerOf(ctx, personId);
	const sealed = seal(key, placeOf(caseId), { reader, personId, externalId, claimCode } satisfies Farewell);
	await updateCase(ctx, caseId, { state: 'locked', lockedAt, plan: JSON.stringify(plan), sealed });
	await insertRecipients(
		ctx,
		plan.told.map((partner) => ({ caseId, partner, state: 'waiting', at: lockedAt, attempts: 0 }))
	);
	await insertSources(ctx, waitingFor(ctx, caseId, { since: lockedAt, held }));
}

/** Keeps less than before, under the same key; in whatever transaction there is. */
export async function reseal(ctx: Context, caseId: string, farewell: Farewell): Promise<void> {
	const key = await ctx.caseKeys.find(caseId);
	if (key) await updateCase(ctx, caseId, { sealed: seal(key, placeOf(caseId), farewell) });
}

export const find = selectCase;
export const planIn = ({ plan }: ErasureCaseTable): Plan => JSON.parse(plan ?? '') as Plan;

/** What the case keeps; undefined once it is closed. */
export async function farewellOf(
	ctx: Context,
	{ id, sealed }: Pick<ErasureCaseTable, 'id' | 'sealed'>
): Promise<Farewell | undefined> {
	const key = sealed ? await ctx.caseKeys.find(id) : undefined;
	return key && sealed ? open<Farewell>(key, placeOf(id), sealed) : undefined;
}

/** The case of a claim code, however it was typed; undefined for a wrong one. */
export const findByClaim = (ctx: Context, code: string): Promise<ErasureCaseTable | undefined> =>
	selectCaseByClaim(ctx, claimHash(ctx, code));

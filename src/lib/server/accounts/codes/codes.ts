// Promise: a code counts once, for ten minutes, for five tries, and for nothing but its purpose.
import { timingSafeEqual } from 'node:crypto';
import type { Context } from '../../context.ts';
import { after, instant } from '../../platform/clock.ts';
import { open, seal } from '../../platform/keys/keys.ts';
import { deleteCodes, deleteUsed, insertCode, selectOpenCode, takeTry, updateUsed } from './queries.ts';

export const codeMinutes = 10;
const tries = 5;

/** What a code is for. A change of address carries the new address in the code's sealed value. */
export type Purpose = 'recovery' | 'sign-in' | 'step-up' | 'change-email' | 'change-phone' | 'family-consent';

const place = (id: string) => ({ table: 'one_time_code', column: 'sealed', row: id });
const hashOf = (ctx: Context, id: string, code: string): Buffer =>
	ctx.keys.blindIndex('one-time-code', `${id} ${code}`);

/** What people type for a code: other digits than ours, blanks, hyphens. */
export const normaliseCode = (typed: string): string =>
	typed
		.normalize('NFKC')
		.replace(/[٠-٩]/g, (digit) => String(digit.charCodeAt(0) - 0x660))
		.replace(/[\s-]/g, '');

/** Makes a code; older ones of the same purpose are void. `id` may be chosen beforehand. The code is to be sent, not kept. */
export async function make(
	ctx: Context,
	personId: string,
	purpose: Purpose,
	given: { id?: string; value?: string } = {}
): Promise<{ id: string; code: string }> {
	const { id = ctx.ids.next(), value } = given;
	const code = ctx.ids.code();
	const now = ctx.clock.now();
	const sealed = seal(await ctx.keys.of(personId), place(id), { value });
	await deleteCodes(ctx, personId, purpose);
	const row = {
		personId,
		id,
		purpose,
		hash: hashOf(ctx, id, code),
		sealed,
		tries: 0,
		usedAt: null,
		createdAt: instant(now)
	};
	await insertCode(ctx, { ...row, expiresAt: instant(after(now, codeMinutes, 'minutes')) });
	return { id, code };
}

export interface OpenCode {
	id: string;
	/** The address that the code is to prove. */
	value: string | undefined;
}

/** The code of that purpose that the person still has to type. */
export async function current(
	ctx: Context,
	personId: string,
	purpose: Purpose
): Promise<OpenCode | undefined> {
	const row = await selectOpenCode(ctx, personId, purpose, instant(ctx.clock.now()));
	if (!row || row.tries >= tries) return undefined;
	const { value } = open<{ value?: string }>(await ctx.keys.of(personId), place(row.id), row.sealed);
	return { id: row.id, value };
}

/**
 * Uses a code. Refuses `code-wrong` alike for a wrong one, one that was used or tried too often or ran out, and one that
 * never was: the answer tells a stranger nothing.
 */
export async function use(
	ctx: Context,
	personId: string,
	wanted: { id: string; purpose: Purpose; typed: string }
): Promise<OpenCode | { refused: 'code-wrong' }> {
	const { id, purpose } = wanted;
	const now = instant(ctx.clock.now());
	const row = await takeTry(ctx, { personId, id, purpose, now, tries });
	const right = row && timingSafeEqual(row.hash, hashOf(ctx, id, normaliseCode(wanted.typed)));
	if (!right || !(await updateUsed(ctx, personId, id, now))) return { refused: 'code-wrong' };
	const { value } = open<{ value?: string }>(await ctx.keys.of(personId), place(id), row.sealed);
	return { id, value };
}

/** Consumes what a used code opened, within ten minutes of its use; a second time the answer is no. */
export const spend = (ctx: Context, personId: string, id: string): Promise<boolean> =>
	deleteUsed(ctx, personId, id, instant(after(ctx.clock.now(), -codeMinutes, 'minutes')));

/** Makes the person's codes of a purpose void. */
export const revoke = async (ctx: Context, personId: string, purpose: Purpose): Promise<void> => {
	await deleteCodes(ctx, personId, purpose);
};

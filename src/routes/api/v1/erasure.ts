// `DELETE` of a person opens a withdrawal; without a grace period it needs a scope of its own and a reason.
import { findByExternalId } from '$lib/server/accounts/accounts';
import type { Context } from '$lib/server/context';
import { checkShape } from '$lib/server/intake/intake';
import { mayEraseAtOnce } from '$lib/server/tokens/tokens';
import * as withdrawal from '$lib/server/withdrawal/withdrawal';
import { z } from 'zod';
import type { Answer, Caller } from './endpoint';

export const erasureShape = z
	.strictObject({ reason: z.string().trim().min(1).max(1_000).optional() })
	.default({});

/**
 * The claim code opens /claim when the account is gone. It is answered to whoever opened the withdrawal, and not kept for a
 * repetition: where the person asked first, it is theirs alone.
 */
async function accepted(
	ctx: Context,
	personId: string,
	{ id, eraseAt }: withdrawal.Withdrawal
): Promise<Answer> {
	const claimCode = await withdrawal.claimCode(ctx, personId);
	return { status: 202, body: { id, eraseAt, claimCode }, kept: { id, eraseAt } };
}

export async function requestErasure({ ctx, token, body, event }: Caller): Promise<Answer> {
	const grace = event.url.searchParams.get('grace');
	if (grace !== null && grace !== 'none') return { refused: 'wrong', field: 'grace' };
	if (grace === 'none' && !token.scopes.includes('people:erase')) return { refused: 'scope-missing' };
	const checked = checkShape(erasureShape, body);
	if (!('input' in checked)) return checked;
	const { reason } = checked.input;
	if (grace === 'none' && !reason) return { refused: 'reason-required', field: 'reason' };

	const person = await findByExternalId(ctx, event.params.externalId as string);
	if (!person) return { refused: 'person-unknown' };
	const running = await withdrawal.running(ctx, person.id);
	if (running && grace === null) return { status: 202, body: { id: running.id, eraseAt: running.eraseAt } };
	if (grace === 'none' && !(await mayEraseAtOnce(ctx, token.id))) return { refused: 'too-many-erasures' };
	const opened = await withdrawal.request(ctx, person, {
		orderedBecause: reason,
		...(grace === 'none' && { graceDays: 0 })
	});
	return 'refused' in opened ? opened : accepted(ctx, person.id, opened);
}

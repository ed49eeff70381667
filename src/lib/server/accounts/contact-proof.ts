// Promise: a code shows that somebody who is signed in also reads the mail or the phone of their account, for one purpose.
import type { Context } from '../context.ts';
import * as delivery from '../delivery/delivery.ts';
import { transaction } from '../platform/database/transaction.ts';
import { release, take, type Limit } from '../platform/throttle/throttle.ts';
import * as codes from './codes/codes.ts';

const asked: Limit = { name: 'contact-proof', points: 5, seconds: 900 };
const typed: Limit = { name: 'contact-proof-tries', points: 20, seconds: 86_400 };

type Throttled = { refused: 'too-many-tries'; waitSeconds: number };

/**
 * Sends a code to the person's own verified email or phone; `matter` is what it will confirm, and is answered when it is
 * used. Refuses `no-address` where there is none of that kind, and `too-many-tries` (5 in a quarter of an hour).
 */
export async function begin(
	ctx: Context,
	personId: string,
	channel: 'email' | 'sms',
	matter: string
): Promise<{ id: string } | { refused: 'no-address' } | Throttled> {
	if (!(await delivery.addressOf(ctx, personId, channel))) return { refused: 'no-address' };
	const wait = await take(ctx, asked, ctx.keys.blindIndex('throttle', personId));
	if (wait) return { refused: 'too-many-tries', ...wait };
	return transaction(ctx, async (ctx) => {
		const { id, code } = await codes.make(ctx, personId, 'family-consent', { value: matter });
		await delivery.send(ctx, personId, {
			template: 'family-code',
			channel,
			values: { code, count: codes.codeMinutes }
		});
		return { id };
	});
}

/** The matter whose code is still to be typed. */
export const waiting = async (ctx: Context, personId: string): Promise<string | undefined> =>
	(await codes.current(ctx, personId, 'family-consent'))?.value;

/** Uses the code and answers the matter. Refuses `code-wrong`, `too-many-tries`. */
export async function use(
	ctx: Context,
	personId: string,
	code: string
): Promise<{ matter: string } | { refused: 'code-wrong' } | Throttled> {
	const limited = ctx.keys.blindIndex('throttle', personId);
	const wait = await take(ctx, typed, limited);
	if (wait) return { refused: 'too-many-tries', ...wait };
	const open = await codes.current(ctx, personId, 'family-consent');
	if (!open) return { refused: 'code-wrong' };
	const wanted = { id: open.id, purpose: 'family-consent' as const, typed: code };
	const outcome = await codes.use(ctx, personId, wanted);
	if ('refused' in outcome || outcome.value === undefined) return { refused: 'code-wrong' };
	await release(ctx, typed, limited);
	return { matter: outcome.value };
}

// What an erasure is about, in counts and codes: written down when the person is locked, and never more than that.
import type { Context } from '../../context.ts';
import type { Count, Kept } from '../../personal-data-contract.ts';
import { derive } from '../../platform/keys/derive.ts';
import { inside, rehearse } from '../rehearsal.ts';

export interface Plan {
	destroyed: Count[];
	kept: Pick<Kept, 'category' | 'records' | 'ground' | 'until'>[];
	told: string[];
	/** Made from the person's key: once that is destroyed, nobody can say any more whose it was. */
	keyId: string;
	/** When that key was destroyed; known when the erasure is done. */
	keyDestroyedAt?: string | undefined;
}

/**
 * The rehearsal of this very state, of what lies here. Nothing changes any more: the erasure destroys what it counts. What lies
 * outside is counted apart, for it may change, and nobody waits for it in a transaction.
 */
export async function planOf(ctx: Context, personId: string, leavingAt: string): Promise<Plan> {
	const { destroyed, kept, told } = await rehearse(inside(ctx), personId, leavingAt);
	return {
		destroyed,
		kept: kept.map(({ category, records, ground, until }) => ({ category, records, ground, until })),
		told,
		keyId: derive(await ctx.keys.of(personId), 'key-id').toString('base64url')
	};
}

// All SQL of proofs.
import type { Context } from '../../context.ts';

/** A proof for one action; given again, it counts anew. */
export const upsertProof = (
	ctx: Context,
	proof: { personId: string; sessionId: string; action: string; grantedAt: string }
) =>
	ctx.db
		.insertInto('stepUp')
		.values({ ...proof, usedAt: null })
		.onConflict((conflict) =>
			conflict
				.columns(['personId', 'sessionId', 'action'])
				.doUpdateSet({ grantedAt: proof.grantedAt, usedAt: null })
		)
		.execute();

export const selectProof = (
	ctx: Context,
	proof: { personId: string; sessionId: string; action: string; since: string }
) =>
	ctx.db
		.selectFrom('stepUp')
		.select('grantedAt')
		.where('personId', '=', proof.personId)
		.where('sessionId', '=', proof.sessionId)
		.where('action', '=', proof.action)
		.where('grantedAt', '>', proof.since)
		.where('usedAt', 'is', null)
		.executeTakeFirst();

/** Answers whether it was this call that used the proof. */
export async function updateProofUsed(
	ctx: Context,
	proof: { personId: string; sessionId: string; action: string; since: string; usedAt: string }
): Promise<boolean> {
	const { numUpdatedRows } = await ctx.db
		.updateTable('stepUp')
		.set({ usedAt: proof.usedAt })
		.where('personId', '=', proof.personId)
		.where('sessionId', '=', proof.sessionId)
		.where('action', '=', proof.action)
		.where('grantedAt', '>', proof.since)
		.where('usedAt', 'is', null)
		.executeTakeFirst();
	return numUpdatedRows > 0n;
}

/** The session goes on under another id, and so do its proofs. */
export async function updateProofSession(
	ctx: Context,
	personId: string,
	from: string,
	to: string
): Promise<void> {
	await ctx.db
		.updateTable('stepUp')
		.set({ sessionId: to })
		.where('personId', '=', personId)
		.where('sessionId', '=', from)
		.execute();
}

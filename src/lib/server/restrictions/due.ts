// Promise: a wish to pause reaches a source as soon as that one can be asked, and staff hear of it when that takes days.
import { find as findPerson } from '../accounts/accounts.ts';
import type { Context } from '../context.ts';
import { after, instant } from '../platform/clock.ts';
import { SourceFailure } from '../platform/sources/source.ts';
import { onceADay } from '../platform/work/daily.ts';
import { claimDue, nextAttempt, renewLease, type Claim, type WorkKind } from '../platform/work/work.ts';
import { postpone, release, selectOne, updateWish } from './queries.ts';
import { catchUp, standings } from './restrictions.ts';

const batch = 20;
const table = 'source_restriction';

async function tell(ctx: Context, { personId, id, attempts }: Claim): Promise<void> {
	const wish = await selectOne(ctx, personId, id);
	const person = await findPerson(ctx, personId);
	const source = ctx.sources.get(id);
	if (!wish || wish.state !== 'waiting' || !person) return;
	const done = { state: 'done' as const, because: null, nextAttemptAt: null, leasedUntil: null };
	const again = { nextAttemptAt: nextAttempt(ctx.clock, attempts), leasedUntil: null };
	// Described otherwise since the wish: it can't be told any more, and colleagues see to it.
	const isByHand = source !== undefined && !source.can.has('restrict');
	try {
		// A source that is described no more holds nothing for anybody to pause.
		if (!isByHand) await source?.restrict(person.externalId, wish.isOn === 1);
		const now = isByHand ? { ...done, state: 'by-hand' as const } : done;
		if (!(await updateWish(ctx, wish, now))) await release(ctx, wish);
	} catch (error) {
		if (!(error instanceof SourceFailure)) throw error;
		await updateWish(ctx, wish, { ...again, because: error.code });
	}
}

/** What goes wrong with one person holds up nobody else. */
async function tellOrLater(ctx: Context, claim: Claim): Promise<void> {
	try {
		await tell(ctx, claim);
	} catch (err) {
		ctx.log.error({ err, source: claim.id, correlationId: ctx.correlationId }, 'a restriction did not go on');
		await postpone(ctx, claim, nextAttempt(ctx.clock, claim.attempts));
	}
}

export const restrictionWork: WorkKind<Context> = {
	name: 'restrictions in systems outside',
	run: async (ctx) => {
		const claims = await claimDue(ctx, table, batch);
		for (const claim of claims)
			// Those before it may have been slow: nobody is told by two processes at once, and in the wrong order.
			if (await renewLease(ctx, table, claim)) await tellOrLater(ctx, claim);
		return claims.length;
	}
};

/** A description is read when the portal opens; what it says anew of sources they hear then. */
export const restrictionCatchUp = onceADay<Context>(
	'pauses for sources that are described anew',
	async (ctx) => {
		if (ctx.organisation.sources.length > 0) await catchUp(ctx);
	}
);

/** What a source has not taken over for longer than a day. */
export const restrictionAlarm = onceADay<Context>('alarm of restrictions in systems outside', async (ctx) => {
	const dayAgo = instant(after(ctx.clock.now(), -1, 'days'));
	for (const { source, state, people, since } of await standings(ctx))
		if (state === 'waiting' && since < dayAgo)
			ctx.log.error({ source, people, since }, 'a source has not taken over for days who paused');
});

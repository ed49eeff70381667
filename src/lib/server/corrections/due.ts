// Promise: a restriction ends when the person was told that it would, once, and then whoever got the field hears what is right.
import { find as findPerson, type Person } from '../accounts/accounts.ts';
import * as audit from '../audit/audit.ts';
import type { Context } from '../context.ts';
import { instant } from '../platform/clock.ts';
import { transaction } from '../platform/database/transaction.ts';
import { claimDue, type Claim, type WorkKind } from '../platform/work/work.ts';
import { fieldOf } from './corrections.ts';
import { heldOf, liesOutside, type About, type Held } from './held.ts';
import { selectCorrection, updateCorrection, type CorrectionRow } from './queries.ts';
import { tellAll } from './recipients.ts';
import { addStep } from './steps.ts';

const batch = 20;

async function tellOutcome(
	ctx: Context,
	person: Person,
	correction: CorrectionRow,
	outside: Held | undefined
): Promise<void> {
	if (correction.decision === 'erased') return;
	if (correction.decision === 'refused')
		return tellAll(ctx, person, correction, { type: 'correction.decided', decision: 'refused' });
	const about = fieldOf(ctx, person.role, correction.field);
	const held = outside ?? (about && (await heldOf(ctx, person, about, correction.record)));
	// What is held by now counts: it may have been put right, or erased, once more.
	if (!held || 'refused' in held || held.value === undefined)
		return tellAll(ctx, person, correction, { type: 'correction.decided', decision: 'erased' });
	return tellAll(ctx, person, correction, {
		type: 'correction.decided',
		decision: 'accepted',
		value: held.value
	});
}

/**
 * What a system outside says, before the transaction; undefined while it says nothing, or nothing that fits the field: then
 * nothing ends yet, for partners would hear that it was erased.
 */
async function saidOutside(
	ctx: Context,
	person: Person,
	about: About,
	record: string | null
): Promise<Held | undefined> {
	const held = await heldOf(ctx, person, about, record);
	if (held && ('refused' in held || held.isUnfit)) return undefined;
	return held ?? { value: undefined, words: '' };
}

/** One that was opened again meanwhile is left alone; one whose new value can't be asked for just now stays restricted. */
async function end(ctx: Context, { personId, id }: Claim): Promise<void> {
	const person = await findPerson(ctx, personId);
	const before = await selectCorrection(ctx, personId, id);
	if (!person || !before) return;
	const about = fieldOf(ctx, person.role, before.field);
	const isOutside = about !== undefined && liesOutside(ctx, about);
	const outside = isOutside ? await saidOutside(ctx, person, about, before.record) : undefined;
	if (isOutside && !outside) return;
	await transaction(ctx, async (ctx) => {
		if (!(await audit.holdPerson(ctx, personId))) return;
		const correction = await selectCorrection(ctx, personId, id);
		if (!correction?.endsAt || correction.endsAt > instant(ctx.clock.now())) return;
		const to = { state: 'ended', nextAttemptAt: null, leasedUntil: null } as const;
		if (!(await updateCorrection(ctx, personId, id, { from: ['decided'], to }))) return;
		await addStep(ctx, personId, correction, { kind: 'ended' });
		await tellOutcome(ctx, person, correction, outside);
	});
}

export const correctionWork: WorkKind<Context> = {
	name: 'corrections',
	run: async (ctx) => {
		const claims = await claimDue(ctx, 'correction', batch);
		for (const claim of claims) await end(ctx, claim);
		return claims.length;
	}
};

// Promise: on the birthday that counts, and at midnight where the child lives, its rights become its own: it is told, and nothing is decided for it.
import { guardianship } from '../accounts/accounts.ts';
import { find, isBelowConsent, isBelowMajority, type Person } from '../accounts/people.ts';
import * as audit from '../audit/audit.ts';
import type { Context } from '../context.ts';
import * as delivery from '../delivery/delivery.ts';
import { transaction } from '../platform/database/transaction.ts';
import { claimDue, type WorkKind } from '../platform/work/work.ts';

/**
 * Ends everybody's rights over somebody who is grown up (PRODUCT: rights end at majority with a hand-over). Both are told by
 * mail and by their Activity; what was agreed in their name stays until the young person keeps it or takes it back.
 */
async function handOver(ctx: Context, person: Person): Promise<void> {
	const guardians = (await guardianship.guardiansOf(ctx, person.id)).map(({ person: { id } }) => id);
	await transaction(ctx, async (ctx) => {
		if (!(await guardianship.holdAll(ctx, person.id, ...guardians))) return;
		const ended = await guardianship.endGuardianship(ctx, person.id);
		for (const guardianId of ended.filter((id) => guardians.includes(id))) {
			await audit.record(ctx, guardianId, 'guardianship-ended', { role: person.role });
			await delivery.send(ctx, guardianId, { template: 'guardianship-ended' });
		}
		await audit.record(ctx, person.id, 'came-of-age', { count: ended.length });
		if (ended.length) await delivery.send(ctx, person.id, { template: 'came-of-age' });
		await guardianship.unwatch(ctx, person.id);
	});
}

/** From now on the person decides alone; whoever waited is asked, and goes on waiting until they answer. */
async function tell(ctx: Context, person: Person): Promise<void> {
	await transaction(ctx, async (ctx) => {
		if (!(await audit.holdPerson(ctx, person.id))) return;
		await guardianship.watchOn(ctx, person, 1);
		await audit.record(ctx, person.id, 'may-decide');
		await delivery.send(ctx, person.id, { template: 'may-decide' });
	});
}

async function lookAt(ctx: Context, personId: string): Promise<void> {
	const person = await find(ctx, personId);
	// Whose key is gone is being erased, and the row goes with them.
	if (!person || person.state === 'erasing') return;
	if (!isBelowMajority(ctx, person)) return handOver(ctx, person);
	const told = (await guardianship.wasTold(ctx, personId)) ?? false;
	if (!told && person.bornOn && !isBelowConsent(ctx, person)) return tell(ctx, person);
	await guardianship.watchOn(ctx, person);
}

/** Looks at every child once a day: a birthday in the clear would say when somebody was born. */
export const growingWork: WorkKind<Context> = {
	name: 'growing-up',
	everyMilliseconds: 30_000,
	run: async (ctx) => {
		const claims = await claimDue(ctx, 'minor', 50);
		for (const { personId } of claims) await lookAt(ctx, personId);
		return claims.length;
	}
};

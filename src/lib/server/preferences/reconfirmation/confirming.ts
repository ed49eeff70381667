// Promise: going on is as easy as ending it, and the ledger says that it was confirmed, not that anything changed.
import { find } from '../../accounts/people.ts';
import * as audit from '../../audit/audit.ts';
import type { Context } from '../../context.ts';
import { transaction } from '../../platform/database/transaction.ts';
import { append, keyOf, type Written } from '../ledger.ts';
import type { ShownBeside } from '../words.ts';
import { answerUntil } from './asking.ts';
import { selectWatched } from './queries.ts';
import type { Rule } from './watching.ts';
import { askedAbout, yesesOf, type Yes } from './yeses.ts';

/** What somebody is asked, while they may answer. */
export interface Asked {
	yeses: readonly Yes[];
	/** When the time to answer is over, and what saying nothing means then. */
	until: string;
	silence: Rule['silence'];
	/** Why they are asked, by language. */
	because: Rule['because'];
}

/** What the person is asked at present; undefined for nothing, and for everybody whom the rule is not about. */
export async function askedOf(
	ctx: Context,
	person: { id: string; country: string }
): Promise<Asked | undefined> {
	const rule = ctx.organisation.reconfirmation;
	if (!rule?.countries.includes(person.country)) return undefined;
	const row = await selectWatched(ctx, person.id);
	const reader = row?.askedAt ? await find(ctx, person.id) : undefined;
	if (!row?.askedAt || !reader) return undefined;
	const yeses = askedAbout(rule, await yesesOf(ctx, reader, rule, row.settledAt), row.askedAt);
	if (!yeses.length) return undefined;
	return {
		yeses,
		until: answerUntil(rule, yeses, row.askedAt),
		silence: rule.silence,
		because: rule.because
	};
}

/**
 * Answers what the person is asked, for the choices that they were shown (`channel.topic`) and no others. A yes is written as a
 * change of its own with the same state, so that its clock begins anew (Korea, Network Act Art. 50(8)); asked or not, a no is
 * `preferences.set`. What is not asked any more, because it was answered or turned off meanwhile, is left alone. Refuses
 * `person-leaving`.
 */
export async function confirm(
	ctx: Context,
	person: { id: string; country: string },
	shown: ReadonlySet<string>,
	words?: ShownBeside
): Promise<Written | { refused: 'person-leaving' }> {
	return transaction(ctx, async (ctx) => {
		if (!(await audit.holdPerson(ctx, person.id))) return { refused: 'person-leaving' as const };
		const asked = await askedOf(ctx, person);
		const changes = (asked?.yeses ?? [])
			.filter((yes) => shown.has(keyOf(yes)))
			.map(({ channel, topic }) => ({ channel, topic, allowed: true }));
		return append(ctx, person.id, changes, { origin: 'confirmed', words });
	});
}

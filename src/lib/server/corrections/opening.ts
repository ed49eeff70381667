// Promise: a person says what is wrong and what is right, and from that moment the field is used for nothing else.
import type { Person } from '../accounts/accounts.ts';
import * as audit from '../audit/audit.ts';
import type { Context } from '../context.ts';
import {
	characterProblem,
	checkValue,
	type FieldValue,
	type ValueProblem
} from '../organisation/field-value.ts';
import type { Field } from '../organisation/organisation.ts';
import { instant } from '../platform/clock.ts';
import { transaction } from '../platform/database/transaction.ts';
import { take, type Limit } from '../platform/throttle/throttle.ts';
import type { Unavailable } from '../sources/sources.ts';
import { fieldOf } from './corrections.ts';
import { heldOf } from './held.ts';
import { insertCorrection, selectCorrection, selectStanding, updateCorrection } from './queries.ts';
import { tellAll } from './recipients.ts';
import { addStep } from './steps.ts';

export const longestWords = 2_000;
/** Enough for anybody in earnest; keeps one account from filling the database. */
const perPerson: Limit = { name: 'corrections', points: 30, seconds: 3_600 };

export interface Contest {
	wrong: string;
	/** What should stand there; empty where nothing should. */
	right: string;
}

type Problems = Partial<Record<keyof Contest, ValueProblem>>;
type Throttled = { refused: 'too-many-tries'; waitSeconds: number };

function problemsOf(field: Field, { wrong, right }: Contest, country: string): Problems {
	const problems: Problems = {};
	const characters = characterProblem(wrong, true);
	if (!wrong.trim()) problems.wrong = { code: 'required' };
	else if (characters) problems.wrong = { code: characters };
	else if (wrong.length > longestWords) problems.wrong = { code: 'too-long', values: { max: longestWords } };
	const checked = right.trim() ? checkValue(field, right, country) : undefined;
	if (checked && 'problem' in checked) problems.right = checked.problem;
	return problems;
}

/**
 * Opens a correction (GDPR Art. 16). The field, also of every other record of its category, is restricted at once
 * (Art. 18(1)(a)), and whoever got it is told that it is contested. `problems` for `wrong` (required) and `right` (must fit
 * the field, so that it can be taken over as it is). Refuses `field-unknown`, `record-unknown`, `already-open` with the id of
 * the one that stands, `person-leaving`, `source-unavailable` (it lies outside, where nobody answers just now), and
 * `too-many-tries` (30 an hour).
 */
export async function open(
	ctx: Context,
	person: Person,
	{ field: code, record = null, ...contest }: Contest & { field: string; record?: string | null }
): Promise<
	| { id: string }
	| { problems: Problems }
	| { refused: 'field-unknown' | 'record-unknown' | 'person-leaving' | 'source-unavailable' }
	| { refused: 'already-open'; id: string }
	| Throttled
> {
	const about = fieldOf(ctx, person.role, code);
	if (!about) return { refused: 'field-unknown' };
	const problems = problemsOf(about.field, contest, person.country);
	if (Object.keys(problems).length > 0) return { problems };
	const held = await heldOf(ctx, person, about, record);
	if (!held) return { refused: 'record-unknown' };
	if ('refused' in held) return held;
	const wait = await take(ctx, perPerson, ctx.keys.blindIndex('throttle', person.id));
	if (wait) return { refused: 'too-many-tries', ...wait };
	return transaction(ctx, async (ctx) => {
		if (!(await audit.holdPerson(ctx, person.id))) return { refused: 'person-leaving' as const };
		const standing = await selectStanding(ctx, person.id, code, record);
		if (standing) return { refused: 'already-open' as const, id: standing.id };
		const matter = { id: ctx.ids.next(), field: code, record };
		await insertCorrection(ctx, {
			personId: person.id,
			...matter,
			state: 'open',
			decision: null,
			openedAt: instant(ctx.clock.now()),
			decidedAt: null,
			endsAt: null,
			nextAttemptAt: null,
			leasedUntil: null,
			attempts: 0
		});
		await addStep(ctx, person.id, matter, { kind: 'opened', ...contest, before: held.words });
		await tellAll(ctx, person, matter, { type: 'correction.opened' });
		return { id: matter.id };
	});
}

/**
 * What is held of the field now, and the correction of it that has not ended; undefined for a record that is not there.
 * Refuses `source-unavailable`.
 */
export async function standing(
	ctx: Context,
	person: Person,
	{ field: code, record = null }: { field: string; record?: string | null }
): Promise<{ held: FieldValue | undefined; id: string | undefined } | undefined | Unavailable> {
	const about = fieldOf(ctx, person.role, code);
	const held = about && (await heldOf(ctx, person, about, record));
	if (held && 'refused' in held) return held;
	return held && { held: held.value, id: (await selectStanding(ctx, person.id, code, record))?.id };
}

/**
 * It is still wrong: the same correction goes on, with its restriction. Refuses `correction-unknown`, `already-open` while it
 * is (or another one about the field), `person-leaving`, `source-unavailable`, `too-many-tries`.
 */
export async function again(
	ctx: Context,
	person: Person,
	id: string,
	contest: Contest
): Promise<
	| { id: string }
	| { problems: Problems }
	| { refused: 'correction-unknown' | 'person-leaving' | 'source-unavailable' }
	| { refused: 'already-open'; id: string }
	| Throttled
> {
	const row = await selectCorrection(ctx, person.id, id);
	const about = row && fieldOf(ctx, person.role, row.field);
	if (!about) return { refused: 'correction-unknown' };
	const problems = problemsOf(about.field, contest, person.country);
	if (Object.keys(problems).length > 0) return { problems };
	const held = await heldOf(ctx, person, about, row.record);
	if (held && 'refused' in held) return held;
	const wait = await take(ctx, perPerson, ctx.keys.blindIndex('throttle', person.id));
	if (wait) return { refused: 'too-many-tries', ...wait };
	return transaction(ctx, async (ctx) => {
		if (!(await audit.holdPerson(ctx, person.id))) return { refused: 'person-leaving' as const };
		const standing = await selectStanding(ctx, person.id, row.field, row.record);
		if (standing && standing.id !== id) return { refused: 'already-open' as const, id: standing.id };
		const to = { state: 'open', decision: null, decidedAt: null, endsAt: null, nextAttemptAt: null } as const;
		const changed = await updateCorrection(ctx, person.id, id, { from: ['decided', 'ended'], to });
		if (!changed) return { refused: 'already-open' as const, id };
		await addStep(ctx, person.id, row, { kind: 'again', ...contest, before: held?.words ?? '' });
		await tellAll(ctx, person, row, { type: 'correction.opened' });
		return { id };
	});
}

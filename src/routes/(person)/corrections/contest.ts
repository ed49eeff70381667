// The form in which a person says what is wrong, and what becomes of it.
import { fail } from '@sveltejs/kit';
import { z } from 'zod';
import type { ValueProblem } from '$lib/server/organisation/field-value';

export const contest = z.object({ wrong: z.string(), right: z.string().default('') });

type Outcome =
	| { id: string; refused?: undefined; problems?: undefined }
	| { problems: Partial<Record<string, ValueProblem>>; refused?: undefined }
	| { refused: string; waitSeconds?: number };

/** What the page says of a contest that was not taken. */
export function notTaken(outcome: Outcome, typed: Record<string, string>) {
	if ('problems' in outcome && outcome.problems) return fail(400, { problems: outcome.problems, typed });
	if (!('refused' in outcome) || !outcome.refused) return undefined;
	return fail(outcome.refused === 'too-many-tries' ? 429 : 409, { ...outcome, typed });
}

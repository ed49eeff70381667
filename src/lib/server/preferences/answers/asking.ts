// Promise: a system asks by the organisation's own ids, one or many at once, and is told for each whether, why, and since when.
import type { Context } from '../../context.ts';
import type { Answer } from '../contact.ts';
import { answersOf, type Ask } from './answers.ts';
import { selectPeople, type PersonRow } from './queries.ts';

/** What a system asks: may we write to this person by this way about this topic? */
export interface Question {
	/** External id. */
	person: string;
	channel: string;
	topic: string;
}

export type Reply = Answer | { allowed: false; because: 'person-unknown' | 'person-erased'; since: null };

/** How many may be asked at once. */
export const mostQuestions = 10_000;

/**
 * An answer a question, in order, all from what is committed at that moment. Somebody whom the portal does not know is not written
 * to (`person-unknown`), nor whoever had everything destroyed (`person-erased`, by the tombstone).
 */
export async function ask(ctx: Context, questions: readonly Question[]): Promise<Reply[]> {
	const people = await selectPeople(
		ctx,
		questions.map(({ person }) => ctx.keys.blindIndex('external', person))
	);
	const known = questions.flatMap(({ channel, topic }, index) => {
		const person = people[index];
		return person ? [{ person, channel, topic } satisfies Ask & { person: PersonRow }] : [];
	});
	const answers = (await answersOf(ctx, known)).values();
	const unknown = questions.flatMap(({ person }, index) => (people[index] ? [] : [person]));
	const erased = await ctx.keys.refusedOf('external', [...new Set(unknown)]);
	return questions.map(({ person }, index) => {
		if (people[index]) return answers.next().value as Answer;
		const because = erased.has(person) ? 'person-erased' : 'person-unknown';
		return { allowed: false, because, since: null };
	});
}

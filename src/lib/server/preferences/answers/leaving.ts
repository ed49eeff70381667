// Promise: messages that are about to leave are asked about once more, all of a round in a few queries.
import type { Context } from '../../context.ts';
import { answersOf } from './answers.ts';
import { selectPeopleOf } from './queries.ts';

/** A message about a topic that waits. */
export interface Leaving {
	personId: string;
	channel: string;
	topic: string;
}

/** Whether it may leave now; what may, but not at this hour, is told when. */
export type MayLeave = boolean | { notBefore: string };

/** As `mayStillGo` for each of them, in their order; what is only too early is not stopped. */
export async function mayAllStillGo(ctx: Context, messages: readonly Leaving[]): Promise<MayLeave[]> {
	const ids = [...new Set(messages.map(({ personId }) => personId))];
	const people = new Map((await selectPeopleOf(ctx, ids)).map((person) => [person.id, person]));
	const asks = messages.flatMap(({ personId, channel, topic }) => {
		const person = people.get(personId);
		return person ? [{ person, channel, topic }] : [];
	});
	const answers = (await answersOf(ctx, asks)).values();
	return messages.map(({ personId }) => {
		if (!people.has(personId)) return false;
		const { value: answer } = answers.next();
		const until = answer && 'until' in answer ? (answer.until as string | undefined) : undefined;
		return until ? { notBefore: until } : (answer?.allowed ?? false);
	});
}

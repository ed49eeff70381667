// Promise: whoever keeps a copy of the answers reads every change of them once, in order, with what holds now.
import { find, type Person } from '../../accounts/people.ts';
import * as contactChanges from '../../contact-changes/contact-changes.ts';
import type { Context } from '../../context.ts';
import { topicsOf } from '../../organisation/lookup.ts';
import { answersOf, type Ask } from '../answers/answers.ts';
import type { Answer } from '../contact.ts';

export interface ChangedAnswers {
	position: number;
	/** External id. */
	person: string;
	/** What may have changed; null: every way, every topic. */
	channel: string | null;
	topic: string | null;
	at: string;
	/** What holds at the moment of asking, not then: a copy is right whatever order it is written in. Quiet hours are left aside. */
	answers: (Answer & { channel: string; topic: string })[];
}

export interface Following {
	changes: ChangedAnswers[];
	/** Ask behind this one next. */
	next: number;
	more: boolean;
}

/** Every choice that a note is about. */
function asksOf({ organisation }: Context, person: Person, note: contactChanges.Noted): Ask[] {
	const topics = topicsOf(organisation, person.role).filter(({ id }) => (note.topic ?? id) === id);
	return topics.flatMap(({ id: topic, channels }) =>
		channels
			.filter((channel) => (note.channel ?? channel) === channel)
			.map((channel) => ({ person, channel, topic }))
	);
}

/** Whoever is gone by now is told of nowhere any more: their notes go with them. */
async function peopleOf(ctx: Context, notes: readonly contactChanges.Noted[]): Promise<Map<string, Person>> {
	const people = new Map<string, Person>();
	for (const personId of new Set(notes.map(({ personId }) => personId))) {
		const person = await find(ctx, personId);
		if (person) people.set(personId, person);
	}
	return people;
}

/**
 * What changed behind a position, in order, at most `limit`. Refuses `changes-gone` where something behind it is no longer kept
 * (a year), or the position was never given.
 */
export async function following(
	ctx: Context,
	{ after, limit }: { after: number; limit: number }
): Promise<Following | { refused: 'changes-gone' }> {
	const found = await contactChanges.following(ctx, after, limit);
	if ('refused' in found) return found;
	const people = await peopleOf(ctx, found.notes);
	const told = found.notes.flatMap((note) => {
		const person = people.get(note.personId);
		return person ? [{ note, person, asks: asksOf(ctx, person, note) }] : [];
	});
	const answers = (
		await answersOf(
			ctx,
			told.flatMap(({ asks }) => asks),
			{ atAnyHour: true }
		)
	).values();
	const changes = told.map(({ note: { position, channel, topic, at }, person, asks }) => ({
		position,
		person: person.externalId,
		channel,
		topic,
		at,
		answers: asks.map((ask) => ({
			channel: ask.channel,
			topic: ask.topic,
			...(answers.next().value as Answer)
		}))
	}));
	const next = found.notes.at(-1)?.position ?? after;
	return { changes, next, more: next < found.newest };
}

// Promise: whoever asks whether somebody may be written to gets what holds at that moment, for one as for ten thousand.
import type { Context } from '../../context.ts';
import * as corrections from '../../corrections/corrections.ts';
import * as objections from '../../objections/objections.ts';
import { identifierField } from '../../organisation/lookup.ts';
import type { Topic } from '../../organisation/organisation.ts';
import { selectAddressFacts, selectBlind } from '../blocks/queries.ts';
import { addressProblem, answerOf, choiceOf, type Answer, type Contactable, type Facts } from '../contact.ts';
import { standing } from '../ledger.ts';
import { selectPerson, selectStandings } from './queries.ts';
import { quietFor } from './quiet.ts';
import { isSuppressed } from './suppression.ts';

export interface Ask {
	person: Contactable;
	channel: string;
	topic: string;
}

type Choice = Ask & { choice: Topic };

/** Which of a person's addresses is written to by a way; a push message goes to none. */
export const identifierOf: Readonly<Record<string, 'email' | 'phone'>> = {
	email: 'email',
	sms: 'phone',
	phone: 'phone'
};

/** What is wrong with addresses of these people: most have none of it. */
async function addressFacts(
	ctx: Context,
	people: readonly string[]
): Promise<(ask: Pick<Ask, 'person' | 'channel'>) => Facts> {
	const rows = Map.groupBy(await selectAddressFacts(ctx, people), ({ personId }) => personId);
	return ({ person, channel }) => {
		const kind = identifierOf[channel];
		const own = (rows.get(person.id) ?? []).filter((row) => row.kind === kind);
		const blocks = own.flatMap(({ because, since, blocked }) =>
			because && since && blocked === channel ? [{ because, since }] : []
		);
		return {
			isForVerification: own.some(({ use }) => use === 'verification'),
			blocks,
			strangerStoppedAt: own.find(({ stopped }) => stopped === channel)?.stoppedAt ?? undefined
		};
	};
}

/** Which addresses are contested, and which purposes off. */
async function objectionFacts(ctx: Context, people: readonly string[]): Promise<(ask: Choice) => Facts> {
	const contested = await corrections.contestedSince(ctx, people);
	const off = await objections.offSince(ctx, people);
	return ({ person, channel, choice: { purpose } }) => {
		const kind = identifierOf[channel];
		const about = kind && identifierField(ctx.organisation, kind);
		return {
			contestedAt: about && contested.get(person.id)?.get(`${about.category.id}.${about.field.id}`),
			purposeOffAt: purpose && off.get(person.id)?.get(purpose)
		};
	};
}

/** Asks about something that can be chosen, each with its place; what a caller made up is never part of a query. */
function choicesIn(ctx: Context, asks: readonly Ask[]): Map<number, Choice> {
	const choices = new Map<number, Choice>();
	for (const [index, ask] of asks.entries()) {
		const choice = choiceOf(ctx, ask.person.role, ask.channel, ask.topic);
		if (choice) choices.set(index, { ...ask, choice });
	}
	return choices;
}

async function answersTo(ctx: Context, asks: readonly Choice[]): Promise<Answer[]> {
	const people = [...new Set(asks.map(({ person }) => person.id))];
	const addresses = await addressFacts(ctx, people);
	const objected = await objectionFacts(ctx, people);
	const rows = await selectStandings(
		ctx,
		asks.map(({ person, channel, topic }) => [person.id, channel, topic])
	);
	const answers: Answer[] = [];
	for (const [index, ask] of asks.entries()) {
		const { own, stop } = rows[index] ?? {};
		const facts = { ...addresses(ask), ...objected(ask), decided: standing(own, stop) };
		const answer = answerOf(ask.person, ask.choice, facts);
		const mayBeSuppressed = answer.because === 'default' && answer.allowed && ask.choice.marketing;
		answers.push(
			mayBeSuppressed && (await isSuppressed(ctx, ask.person.id, ask.channel))
				? { allowed: false, because: 'address-suppressed', since: null }
				: answer
		);
	}
	return answers;
}

const noChoice: Answer = { allowed: false, because: 'no-such-choice', since: null };

/** What may be sent, but not at this hour. Who allowed it by a topic of its own is written to at night too. */
async function quietened(
	ctx: Context,
	asks: readonly Choice[],
	answers: readonly Answer[]
): Promise<readonly Answer[]> {
	if (!ctx.organisation.quietHours.length) return answers;
	const until = quietFor(ctx, asks, answers);
	const exceptions = [...until].flatMap(([index, { rule }]) => {
		const { person, channel } = asks[index] as Choice;
		const choice = rule.unless && choiceOf(ctx, person.role, channel, rule.unless);
		return choice ? [{ index, ask: { person, channel, topic: choice.id, choice } }] : [];
	});
	const excepted = await answersTo(
		ctx,
		exceptions.map(({ ask }) => ask)
	);
	for (const [place, { index }] of exceptions.entries()) if (excepted[place]?.allowed) until.delete(index);
	return answers.map((answer, index) => {
		const quiet = until.get(index);
		return quiet
			? { allowed: false, because: 'quiet-hours', since: answer.since, until: quiet.until }
			: answer;
	});
}

/** An answer an ask, in order, from a few queries however many they are; quiet hours left aside where `atAnyHour`. */
export async function answersOf(
	ctx: Context,
	asks: readonly Ask[],
	{ atAnyHour = false } = {}
): Promise<Answer[]> {
	const choices = choicesIn(ctx, asks);
	const chosen = [...choices.values()];
	const decided = await answersTo(ctx, chosen);
	const answers = (atAnyHour ? decided : await quietened(ctx, chosen, decided)).values();
	return asks.map((_, index) => (choices.has(index) ? (answers.next().value as Answer) : noChoice));
}

/** Whether the person may be contacted by this way about this topic, why, and since when (`answerOf` says by which rules). */
export async function mayContact(
	ctx: Context,
	person: Contactable,
	channel: string,
	topic: string
): Promise<Answer> {
	return (await answersOf(ctx, [{ person, channel, topic }]))[0] as Answer;
}

/** What is known of a message besides its topic. */
interface Going {
	/** Where it goes, where that is another address than the person's own. */
	to?: string;
	/** The person has just asked for it, and it runs out. */
	isCode?: boolean;
}

/**
 * A message without a topic, such as a code or a notice: only an address that takes nothing stops it. A code also goes where
 * messages came back from: anybody can forge a report, and who asks for a code may have no other way in.
 */
async function mayReach(
	ctx: Context,
	person: Contactable,
	channel: string,
	{ to, isCode }: Going
): Promise<boolean> {
	const kind = identifierOf[channel];
	const held = kind && to !== undefined ? await selectBlind(ctx, person.id, kind) : undefined;
	const isAnother = kind && to !== undefined && !held?.equals(ctx.keys.blindIndex(kind, to));
	if (isAnother) return true;
	const facts = (await addressFacts(ctx, [person.id]))({ person, channel });
	const blocks = facts.blocks?.filter(({ because }) => !isCode || because !== 'bounced');
	return addressProblem({ ...facts, blocks, isForVerification: false }) === undefined;
}

/**
 * Whether a message that waits may still leave, asked right before it does. About a topic: as `mayContact`. About none (a code, a
 * notice): unless nothing at all can go to that address (`mayReach`). False for somebody who is not there any more.
 */
export async function mayStillGo(
	ctx: Context,
	personId: string,
	channel: string,
	topic: string | null,
	going: Going = {}
): Promise<boolean> {
	const person = await selectPerson(ctx, personId);
	if (!person) return false;
	if (topic === null) return mayReach(ctx, person, channel, going);
	return (await mayContact(ctx, person, channel, topic)).allowed;
}

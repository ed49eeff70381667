// Promise: a stop that comes by SMS counts at once, once, and in whatever order it comes; nobody is told who has an account.
import { find, lookUp, type Person } from '../../accounts/accounts.ts';
import { normalise } from '../../accounts/identifiers.ts';
import * as audit from '../../audit/audit.ts';
import type { Context } from '../../context.ts';
import * as delivery from '../../delivery/delivery.ts';
import { instant } from '../../platform/clock.ts';
import { transaction } from '../../platform/database/transaction.ts';
import { take, type Limit } from '../../platform/throttle/throttle.ts';
import * as preferences from '../../preferences/preferences.ts';
import { isQuiet, keep, settle } from '../keeping.ts';
import { addToTally, insertGatewayMessage } from '../queries.ts';
import { answer, confirmStop } from './answering.ts';
import { isStopLike, meaningOf } from './reading.ts';
import type { Meaning } from './words.ts';

export interface SmsMessage {
	/** The gateway's own name for it: the same one counts once. */
	id: string;
	/** E.164. */
	from: string;
	text: string;
	/** The carrier's time of it. */
	at: Date;
	/** What the gateway itself took it for; it has answered then, and we do not. */
	answeredAs?: Meaning | undefined;
}

/** What became of a message; counted by day. */
export const outcomes = [
	'stop',
	'start',
	'help',
	'stop-like',
	'other',
	'stranger-stop',
	'unknown-number',
	'empty',
	'too-many',
	'repeated'
] as const;
export type Outcome = (typeof outcomes)[number];

/** So much free text of one number is kept a day. */
const perNumber: Limit = { name: 'sms-texts', points: 20, seconds: 86_400 };

const number = /^\+[1-9]\d{5,14}$/;

async function whose(ctx: Context, from: string): Promise<Person | undefined> {
	const found = number.test(from) ? await lookUp(ctx, from) : undefined;
	return found && find(ctx, found.personId);
}

/**
 * Takes a message that came by SMS. A word of the list as the whole message is obeyed: STOP by `preferences.stopChannel`, START
 * only where it was sent after every stop, HELP with an answer. Free text is kept for staff, and keeps the number quiet where it
 * reads like a stop. Of a number that belongs to nobody here only a stop is kept, for whoever has it later; anything else is
 * counted and dropped. Resolves when nothing is under way any more that was stopped.
 */
export async function receiveSms(ctx: Context, message: SmsMessage): Promise<{ outcome: Outcome }> {
	const now = ctx.clock.now();
	// A gateway whose clock is ahead must not make its START beat a later stop.
	const said = { ...message, at: message.at < now ? message.at : now };
	const person = await whose(ctx, said.from);
	const acting: Context = person ? { ...ctx, actor: `person:${person.id}` } : ctx;
	const outcome = await transaction(acting, async (ctx) => {
		const isHere = person !== undefined && (await audit.holdPerson(ctx, person.id));
		const name = ctx.keys.blindIndex('gateway', said.id).toString('base64url');
		const isNew = await insertGatewayMessage(ctx, name, instant(now));
		const outcome = !isNew ? 'repeated' : isHere ? await obey(ctx, person, said) : await stranger(ctx, said);
		await addToTally(ctx, instant(now).slice(0, 10), outcome);
		return outcome;
	});
	if (person && (outcome === 'stop' || outcome === 'stop-like')) await delivery.settled(ctx, person.id);
	return { outcome };
}

const meant = ({ text, answeredAs }: SmsMessage): Meaning | undefined => answeredAs ?? meaningOf(text);

async function stranger(ctx: Context, message: SmsMessage): Promise<Outcome> {
	const { country } = ctx.organisation.organisation;
	const address = number.test(message.from) ? normalise('phone', message.from, country) : undefined;
	if (meant(message) !== 'stop' || !address) return 'unknown-number';
	await preferences.stopStranger(ctx, 'sms', address, { at: message.at });
	return 'stranger-stop';
}

function obey(ctx: Context, person: Person, message: SmsMessage): Promise<Outcome> {
	switch (meant(message)) {
		case 'stop':
			return stop(ctx, person, message);
		case 'start':
			return start(ctx, person, message);
		case 'help':
			return help(ctx, person, message);
		case undefined:
			return freeText(ctx, person, message);
	}
}

async function stop(
	ctx: Context,
	person: Person,
	{ from: to, at, answeredAs }: SmsMessage
): Promise<Outcome> {
	const topic = await stoppedTopic(ctx, person);
	if (!topic) {
		await preferences.stopChannel(ctx, person, 'sms', 'sms', { at });
		await settle(ctx, person.id, 'sms', { state: 'stopped' });
	}
	if (!answeredAs) await confirmStop(ctx, person, { to, at, topic });
	return 'stop';
}

/**
 * Where the description says that STOP means the topic of the last message: that one, if it was on until now. Whoever says it
 * again means everything.
 */
async function stoppedTopic(ctx: Context, person: Person): Promise<string | undefined> {
	if (ctx.organisation.sms.stop === 'all') return undefined;
	const topic = await delivery.lastTopic(ctx, person.id, 'sms');
	if (!topic) return undefined;
	const off = [{ channel: 'sms', topic, allowed: false }];
	const written = await preferences.set(ctx, person, off, { origin: 'sms' });
	return 'changed' in written && written.changed > 0 ? topic : undefined;
}

async function start(
	ctx: Context,
	person: Person,
	{ from: to, at, answeredAs }: SmsMessage
): Promise<Outcome> {
	const written = await preferences.startChannel(ctx, person, 'sms', 'sms', { at });
	// Where the carrier had stopped it by the same word, that word lifts it, also where the stop was taken back by hand meanwhile;
	// if it has not, the next message tells.
	const blocks = await preferences.blocksOf(ctx, person.id);
	const isBlocked = blocks.some(
		({ channel, because, since }) => channel === 'sms' && because === 'carrier' && since < instant(at)
	);
	const isLifted = await preferences.liftStrangerStop(ctx, person.id, 'sms', at);
	const isTakenBack = isBlocked || isLifted || ('changeSet' in written && written.changeSet !== null);
	if (isTakenBack) await preferences.unblock(ctx, person.id, 'sms', 'carrier');
	await settle(ctx, person.id, 'sms', { state: 'kept', before: at });
	if (!answeredAs) await answer(ctx, person, { to, template: isTakenBack ? 'sms-started' : 'sms-help' });
	return 'start';
}

async function help(ctx: Context, person: Person, { from: to, answeredAs }: SmsMessage): Promise<Outcome> {
	if (!answeredAs) await answer(ctx, person, { to, template: 'sms-help' });
	return 'help';
}

async function freeText(ctx: Context, person: Person, { from, text, at }: SmsMessage): Promise<Outcome> {
	if (text.trim() === '') return 'empty';
	const kind = isStopLike(text) ? 'stop-like' : 'other';
	const isTooMuch = await take(ctx, perNumber, ctx.keys.blindIndex('throttle', `sms text ${from}`));
	// What may be a stop is dropped only where another one waits already and keeps the number quiet.
	if (isTooMuch && (kind === 'other' || (await isQuiet(ctx, person.id, 'sms')))) return 'too-many';
	await keep(ctx, person.id, { channel: 'sms', kind, text, at });
	return kind;
}

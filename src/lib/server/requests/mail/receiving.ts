// Promise: a right can be exercised by mail; its sender proves nothing, so the request waits, and nobody learns from the answer who has an account.
import { find as findPerson, lookUp } from '../../accounts/accounts.ts';
import type { Context } from '../../context.ts';
import * as delivery from '../../delivery/delivery.ts';
import { instant } from '../../platform/clock.ts';
import { take, type Limit } from '../../platform/throttle/throttle.ts';
import { receive } from '../opening.ts';
import { mustSay } from '../kinds.ts';
import { longestText } from '../messages.ts';
import { addToMailTally } from '../queries.ts';
import { headingOf, type Heading } from './headings.ts';
import { readMail, type Mail } from './reading.ts';

/** Whoever floods somebody's address in their name gets no more than this through. */
const perSender: Limit = { name: 'mail-requests', points: 5, seconds: 86_400 };

export type Received =
	/** Taken: a request waits, or nobody is known there. The same for both. */
	| { received: true }
	/** Nothing for the portal: it names no right, or a machine sent it. */
	| { received: false; because: 'no-heading' | 'automatic' }
	/** Too many from that sender today, known or not: it stays in the mailbox for people. */
	| { received: false; because: 'too-many' }
	| { refused: 'mail-unreadable' | 'too-large' };

/** Counts a mail by what became of it, for staff: numbers alone. */
export const countMail = (ctx: Context, outcome: string): Promise<void> =>
	addToMailTally(ctx, instant(ctx.clock.now()).slice(0, 10), outcome);

/**
 * Takes a message of the organisation's mailbox. Where its subject names a right, its sender is answered the same neutral
 * words whether or not they are known; of somebody known a request waits for their confirmation, and its clock runs. Of
 * anybody else nothing is kept but the count.
 */
export async function receiveMail(ctx: Context, raw: Uint8Array): Promise<Received> {
	const mail = await readMail(raw);
	if ('refused' in mail) {
		await countMail(ctx, mail.refused === 'automatic' ? 'automatic' : 'unreadable');
		if (mail.refused === 'automatic') return { received: false, because: 'automatic' };
		return { refused: mail.refused === 'too-large' ? 'too-large' : 'mail-unreadable' };
	}
	const heading = headingOf(mail.subject);
	if (!heading || isOwn(ctx, mail.from)) {
		await countMail(ctx, heading ? 'automatic' : 'no-heading');
		return { received: false, because: heading ? 'automatic' : 'no-heading' };
	}
	if (await take(ctx, perSender, ctx.keys.blindIndex('throttle', `mail ${mail.from}`))) {
		await countMail(ctx, 'too-many');
		return { received: false, because: 'too-many' };
	}
	await countMail(ctx, (await keep(ctx, mail, heading)) ? 'matched' : 'unmatched');
	await answer(ctx, mail.from, heading.language);
	return { received: true };
}

/** What we send ourselves, coming back. */
function isOwn({ organisation, settings }: Context, from: string): boolean {
	const { support, officer, mailbox } = organisation.organisation;
	const own = [support.email, officer.email, mailbox, settings.mailFrom?.match(/[^\s<>]+@[^\s<>]+/)?.[0]];
	return own.some((address) => address?.toLowerCase() === from);
}

/** Opens the request of somebody known; false for everybody else, whose words are dropped here. */
async function keep(ctx: Context, mail: Mail, { kind, regime }: Heading): Promise<boolean> {
	const text = mail.text();
	const found = await lookUp(ctx, mail.from);
	const person = found && found.state !== 'erasing' ? await findPerson(ctx, found.personId) : undefined;
	if (!person) return false;
	const words = [mail.subject.slice(0, 200), text]
		.filter(Boolean)
		.join('\n\n')
		.slice(0, longestText)
		.toWellFormed();
	const name = mail.messageId ?? `${mail.from}\n${mail.subject}\n${text}`;
	const opening = { kind: mustSay(kind) && !words ? 'access' : kind, text: words } as const;
	const arrival = {
		channel: 'mail',
		toBeProved: true,
		untold: true,
		mailKey: ctx.keys.blindIndex('mail', name),
		named: regime
	} as const;
	return 'id' in (await receive(ctx, person, opening, arrival));
}

async function answer(ctx: Context, to: string, wanted: string): Promise<void> {
	const { languages } = ctx.organisation;
	const language = languages.includes(wanted) ? wanted : (languages[0] as string);
	await delivery.sendNow(ctx, {
		id: ctx.ids.next(),
		createdAt: instant(ctx.clock.now()),
		template: 'mail-received',
		reader: { to, channel: 'email', language, timeZone: 'UTC' },
		values: {}
	});
}

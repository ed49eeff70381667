// Promise: a stop by mail counts at once and once, an address that is gone or complains is left alone, and a report about a message
// that we never sent does nothing.
import { createHash } from 'node:crypto';
import { find, lookUp, type Person } from '../../accounts/accounts.ts';
import * as audit from '../../audit/audit.ts';
import type { Context } from '../../context.ts';
import * as delivery from '../../delivery/delivery.ts';
import { instant } from '../../platform/clock.ts';
import { transaction } from '../../platform/database/transaction.ts';
import * as preferences from '../../preferences/preferences.ts';
import * as requests from '../../requests/requests.ts';
import { insertGatewayMessage, selectGatewayMessage } from '../queries.ts';
import {
	readMail,
	type Complaint,
	type DeliveryReport,
	type ReadMail,
	type Recipient,
	type Returned
} from './reading.ts';

export type ReceivedMail =
	| requests.Received
	/** It stopped something, or told what became of a message of ours. */
	| { received: true; as: 'unsubscribe' | 'report' | 'complaint' }
	/** A report about a message that this portal never sent. */
	| { received: false; because: 'unknown-message' };

const unknownMessage = { received: false, because: 'unknown-message' } as const;

/**
 * Takes whatever came to the organisation's mailbox: a stop by `mailto:` (RFC 2369; the token alone says whose and of what), a
 * delivery report (RFC 3464), a complaint (RFC 5965), else what `requests.receiveMail` takes. Each counts once by its Message-ID.
 * Resolves when nothing is under way any more that was stopped.
 */
export async function receiveMail(ctx: Context, raw: Uint8Array): Promise<ReceivedMail> {
	const mail = raw.length > requests.largestMail ? undefined : await readMail(raw);
	if (!mail) return requests.receiveMail(ctx, raw);
	const name = mail.name ?? createHash('sha256').update(raw).digest('base64');
	if (mail.delivery) return reported(ctx, { ...mail, name }, mail.delivery);
	if (mail.complaint && isComplaint(mail.complaint))
		return complained(ctx, { ...mail, name }, mail.complaint);
	const wayOut = wayOutIn(ctx, mail.tokens);
	if (!wayOut) return requests.receiveMail(ctx, raw);
	await stopOnce(ctx, name, wayOut);
	await requests.countMail(ctx, 'unsubscribed');
	return { received: true, as: 'unsubscribe' };
}

/** `not-spam` takes a complaint back, and what a virus scanner or a failed signature reports is for people (RFC 6430, RFC 6591). */
const isComplaint = ({ kind }: Complaint): boolean => kind === 'abuse' || kind.startsWith('opt-out');

function wayOutIn(ctx: Context, tokens: readonly string[]): preferences.WayOut | undefined {
	for (const token of tokens) {
		const wayOut = preferences.readUnsubscribeToken(ctx, token);
		if (wayOut) return wayOut;
	}
	return undefined;
}

/** Of one person: a name that somebody else chose for their own mail keeps nobody's from being heard. */
const gatewayName = (ctx: Context, personId: string, name: string): string =>
	ctx.keys.blindIndex('gateway', `mail ${personId} ${name}`).toString('base64url');

/** That it was done is written down behind it: whoever dies in between stops it once more, and never once less. */
async function stopOnce(ctx: Context, name: string, wayOut: preferences.WayOut): Promise<void> {
	const id = gatewayName(ctx, wayOut.personId, name);
	if (await selectGatewayMessage(ctx, id)) return;
	await preferences.stop(ctx, wayOut, 'mail');
	await insertGatewayMessage(ctx, id, instant(ctx.clock.now()));
}

/** Does it in one transaction, unless the same mail has done it before, or nobody is there any more. */
async function once(
	ctx: Context,
	personId: string,
	name: string,
	act: (ctx: Context, person: Person) => Promise<unknown>
): Promise<void> {
	const person = await find(ctx, personId);
	if (!person) return;
	await transaction(ctx, async (ctx) => {
		if (!(await audit.holdPerson(ctx, personId))) return;
		const isNew = await insertGatewayMessage(ctx, gatewayName(ctx, personId, name), instant(ctx.clock.now()));
		if (isNew) await act(ctx, person);
	});
	await delivery.settled(ctx, personId);
}

/** Our message of that name: `<id@host>`, where the host is ours. */
async function messageOf(ctx: Context, { messageId }: Returned, envelopeId?: string) {
	const [named, host] = messageId?.split('@') ?? [];
	const ours = host === new URL(ctx.settings.origin).hostname ? named : undefined;
	for (const id of [ours, envelopeId]) {
		const message = id && /^[0-9a-f-]{36}$/.test(id) ? await delivery.handedOver(ctx, id) : undefined;
		if (message?.channel === 'email') return message;
	}
	return undefined;
}

const isTheirs = async (ctx: Context, personId: string, address: string): Promise<boolean> =>
	(await lookUp(ctx, address))?.personId === personId;

const isGone = ({ action, status }: Recipient): boolean => action === 'failed' && delivery.saysGone(status);

const outcomeOf = (recipient: Recipient): string => {
	if (isGone(recipient)) return 'bounced';
	return recipient.action === 'failed' ? 'turned-away' : 'delayed';
};

async function reported(
	ctx: Context,
	{ name }: ReadMail & { name: string },
	report: DeliveryReport
): Promise<ReceivedMail> {
	const message = await messageOf(ctx, report, report.envelopeId);
	if (!message) {
		await requests.countMail(ctx, 'unknown-message');
		return unknownMessage;
	}
	for (const recipient of report.recipients)
		if (recipient.action === 'failed' || recipient.action === 'delayed')
			await requests.countMail(ctx, outcomeOf(recipient));
	for (const { addresses } of report.recipients.filter(isGone))
		for (const address of addresses)
			if (await isTheirs(ctx, message.personId, address))
				await once(ctx, message.personId, name, (ctx, { id }) =>
					preferences.block(ctx, id, 'email', 'bounced')
				);
	return { received: true, as: 'report' };
}

/** What somebody no longer wants who called it spam: its topic, else everything by email that is marketing. */
async function unwanted(
	ctx: Context,
	person: Person,
	topic: string | undefined
): Promise<preferences.Change[]> {
	const rows = await preferences.grid(ctx, person);
	const meant = rows.filter((row) => (topic ? row.topic.id === topic : row.topic.marketing));
	return meant.flatMap(({ topic, cells }) =>
		cells
			.filter(({ channel, locked }) => channel === 'email' && !locked)
			.map(({ channel }) => ({ channel, topic: topic.id, allowed: false }))
	);
}

async function complained(
	ctx: Context,
	{ name }: ReadMail & { name: string },
	complaint: Complaint
): Promise<ReceivedMail> {
	const message = await messageOf(ctx, complaint);
	// A message of the organisation's own tools carries our way out as well.
	const wayOut = wayOutIn(ctx, complaint.tokens);
	const personId = message?.personId ?? wayOut?.personId;
	if (!personId) {
		await requests.countMail(ctx, 'unknown-message');
		return unknownMessage;
	}
	const topic = message?.topic ?? (wayOut?.personId === personId ? wayOut.topic : undefined);
	const { recipient } = complaint;
	const isOwn = !recipient || (await isTheirs(ctx, personId, recipient));
	await once(ctx, personId, name, async (ctx, person) => {
		await preferences.set(ctx, person, await unwanted(ctx, person, topic), { origin: 'complaint' });
		if (isOwn) await preferences.block(ctx, personId, 'email', 'complained');
	});
	await requests.countMail(ctx, 'complained');
	return { received: true, as: 'complaint' };
}

// How a written message leaves: SMTP, an HTTP gateway for SMS, or the demonstration's folder.
import { createTransport } from 'nodemailer';
import type { Context } from '../context.ts';
import type { Letter } from './letters.ts';
import type { Channel } from './delivery.ts';
import { putIntoFolder } from './outbox-folder.ts';
import type { Written } from './writing.ts';

export interface Outgoing {
	/** The outbox row's id: names the message to the outside too, so that a second try is recognised as the same one. */
	id: string;
	createdAt: string;
	letter: Letter;
	written: Written;
}

/** Resolves when somebody else has taken the message over; throws `Rejected` when it is no use to try again. */
export type Transport = (ctx: Context, outgoing: Outgoing) => Promise<void>;

export class Rejected extends Error {
	readonly code: string;
	constructor(code: string) {
		super('the message was rejected for good');
		this.name = 'Rejected';
		this.code = code;
	}
}

const seconds = 1_000;

function sender({ organisation, settings }: Context, language: string) {
	const { name, support, officer } = organisation.organisation;
	const address = support.email ?? officer.email ?? `noreply@${new URL(settings.origin).hostname}`;
	return {
		from: settings.mailFrom ?? { name: name[language] ?? Object.values(name)[0] ?? '', address },
		replyTo: address
	};
}

/** RFC 8058: exactly one `List-Unsubscribe`, and the header that lets a mail program act without opening a page. */
const wayOut = (url: string | undefined) =>
	url
		? {
				list: { unsubscribe: [[{ url }]] },
				headers: { 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' }
			}
		: { headers: { 'Auto-Submitted': 'auto-generated' } };

function mailOf(ctx: Context, { id, createdAt, letter, written }: Outgoing) {
	const { headers, ...list } = wayOut(letter.unsubscribeUrl);
	return {
		...sender(ctx, letter.language),
		to: letter.to,
		subject: written.subject,
		text: written.text,
		html: written.html,
		date: new Date(createdAt),
		messageId: `<${id}@${new URL(ctx.settings.origin).hostname}>`,
		headers: { ...headers, 'Content-Language': letter.language },
		...list,
		disableFileAccess: true,
		disableUrlAccess: true
	};
}

/** Only what the server said about this very message is final; a wrong password or a closed door may be mended. */
function isFinal(error: unknown): error is { code: string; responseCode: number } {
	const { code, responseCode } = error as { code?: string; responseCode?: number };
	return (code === 'EENVELOPE' || code === 'EMESSAGE') && responseCode !== undefined && responseCode >= 500;
}

const bySmtp =
	(url: string): Transport =>
	async (ctx, outgoing) => {
		const server = createTransport({
			url,
			connectionTimeout: 10 * seconds,
			greetingTimeout: 10 * seconds,
			socketTimeout: 20 * seconds
		});
		try {
			await server.sendMail(mailOf(ctx, outgoing));
		} catch (error) {
			throw isFinal(error) ? new Rejected(`${error.code} ${error.responseCode}`) : error;
		} finally {
			server.close();
		}
	};

const byGateway =
	(url: string): Transport =>
	async (_ctx, { id, letter, written }) => {
		const { status } = await fetch(url, {
			method: 'POST',
			redirect: 'error',
			signal: AbortSignal.timeout(10 * seconds),
			headers: { 'Content-Type': 'application/json', 'Idempotency-Key': id },
			body: JSON.stringify({ to: letter.to, text: written.sms, reference: id })
		});
		if (status >= 200 && status < 300) return;
		if (status === 400 || status === 404 || status === 422) throw new Rejected(`HTTP ${status}`);
		throw new Error(`the gateway answered ${status}`);
	};

const mailIntoFolder: Transport = async (ctx, outgoing) => {
	const composer = createTransport({ streamTransport: true, buffer: true, newline: 'unix' });
	const { message } = await composer.sendMail(mailOf(ctx, outgoing));
	await putIntoFolder(ctx, outgoing.id, 'email', message as Buffer);
};

const smsIntoFolder: Transport = (ctx, { id, createdAt, letter, written }) => {
	const name = ctx.organisation.organisation.name;
	const head = [`To: ${letter.to}`, `From: ${name[letter.language] ?? ''}`, `Date: ${createdAt}`];
	return putIntoFolder(ctx, id, 'sms', `${head.join('\n')}\n\n${written.sms}\n`);
};

/** The transport of each channel; a channel without one keeps its messages waiting. */
export function transportsOf({
	demonstration,
	smtpUrl,
	smsUrl
}: Context['settings']): Record<Channel, Transport | undefined> {
	if (demonstration) return { email: mailIntoFolder, sms: smsIntoFolder };
	return { email: smtpUrl ? bySmtp(smtpUrl) : undefined, sms: smsUrl ? byGateway(smsUrl) : undefined };
}

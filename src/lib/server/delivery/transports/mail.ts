// Promise: "sent" is said only when the mail server took the message, and "not taken" only when it said so.
import { Transform, type Readable } from 'node:stream';
import { createTransport, type SendMailOptions } from 'nodemailer';
import type { Context } from '../../context.ts';
import { NotTaken, Rejected, type Outgoing, type Transport } from './transport.ts';

const seconds = 1_000;
const lanes = 10;

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

/** The mail as nodemailer writes it, for a server or for the demonstration's folder. */
export function mailOf(ctx: Context, { id, createdAt, letter, written }: Outgoing): SendMailOptions {
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

/** Everything passes but the end, which waits for `handOver`: without it the server has no message. */
const held = (input: Readable, handOver: () => Promise<void>): Readable => {
	const stream = new Transform({
		transform: (chunk, _encoding, done) => done(null, chunk),
		flush: (done) => void handOver().then(() => done(), done)
	});
	input.on('error', (error) => stream.destroy(error));
	return input.pipe(stream);
};

/**
 * What the server said about this very message is definite; a wrong password or a closed door may be mended. An answer of 5xx is
 * for good.
 */
function answerIn(error: unknown): NotTaken | undefined {
	const { code, responseCode } = error as { code?: string; responseCode?: number };
	if ((code !== 'EENVELOPE' && code !== 'EMESSAGE') || !responseCode) return undefined;
	const answer = `${code} ${responseCode}`;
	return responseCode >= 500 ? new Rejected(answer) : new NotTaken(answer);
}

/** Connections to the server, which are kept: a greeting for every message costs more than the message. */
const poolOf = (url: string) =>
	createTransport({
		url,
		pool: true,
		maxConnections: lanes,
		maxMessages: 10_000,
		maxRequeues: 1,
		connectionTimeout: 10 * seconds,
		greetingTimeout: 10 * seconds,
		socketTimeout: 20 * seconds
	});

type Handed = SendMailOptions & Pick<Outgoing, 'handOver'>;

/** The pool, with the end of every message held back as the very last step, behind its signature. */
function heldBack(pool: ReturnType<typeof poolOf>) {
	return createTransport({
		name: 'held',
		version: '1',
		send: (mail, done) => {
			const { handOver } = mail.data as Handed;
			mail.message.processFunc((input: Readable) => held(input, handOver));
			pool.transporter.send(mail as never, done as never);
		}
	});
}

export function bySmtp(url: string): Transport {
	const pool = poolOf(url);
	const server = heldBack(pool);
	return {
		isRepeatable: false,
		lanes,
		send: async (ctx, outgoing) => {
			const mail: Handed = { ...mailOf(ctx, outgoing), handOver: outgoing.handOver };
			try {
				await server.sendMail(mail);
			} catch (error) {
				throw answerIn(error) ?? error;
			}
		},
		close: () => pool.close()
	};
}

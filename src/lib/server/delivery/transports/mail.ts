// Promise: "sent" is said only when the mail server took the message, and "not taken" only when it said so.
import { Readable } from 'node:stream';
import { createTransport } from 'nodemailer';
import type { Context } from '../../context.ts';
import { saysGone, statusIn } from './address-gone.ts';
import { mailOf, sign, type Mail } from './composing.ts';
import { NotTaken, Rejected, type Outgoing, type Transport } from './transport.ts';

const seconds = 1_000;
const lanes = 10;

/**
 * Everything passes but the end, which waits for `handOver`: without it the server has no message. Nothing is read before the server
 * asks for the message, so that `handOver` comes as late as it can.
 */
function held(input: Readable, handOver: () => Promise<void>): Readable {
	const begin = () => {
		input.on('data', (chunk: Buffer) => {
			if (!output.push(chunk)) input.pause();
		});
		input.once('end', () => {
			handOver().then(
				() => output.push(null),
				(error: Error) => output.destroy(error)
			);
		});
	};
	const output = new Readable({
		read: () => {
			if (input.listenerCount('data')) input.resume();
			else begin();
		},
		destroy: (error, done) => {
			input.destroy();
			done(error);
		}
	});
	input.once('error', (error) => output.destroy(error));
	return output;
}

interface SMTPError {
	code: string;
	responseCode: number;
	response: string;
	/** What the server answered. */
	command: string;
}

/**
 * What the server said about this very message is definite; a wrong password, a closed door or a sender that it does not like
 * may be mended. Any other answer of 5xx is for good, and may say that there is no such address.
 */
function answerIn(error: unknown): NotTaken | undefined {
	const { code, responseCode, response, command } = error as Partial<SMTPError>;
	if ((code !== 'EENVELOPE' && code !== 'EMESSAGE') || !responseCode) return undefined;
	const answer = `${code} ${responseCode}`;
	if (responseCode < 500 || command === 'MAIL FROM') return new NotTaken(answer);
	const isGone = saysGone(statusIn(response), command === 'RCPT TO');
	return new Rejected(answer, isGone ? 'bounced' : undefined);
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

type Handed = Mail & Pick<Outgoing, 'handOver'>;

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

export function bySmtp(url: string, settings: Context['settings']): Transport {
	const pool = poolOf(url);
	const server = sign(heldBack(pool), settings);
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

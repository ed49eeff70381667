// A mail server on loopback that keeps who was sent what, and nothing else; it outlives the processes that are killed.
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import PostalMime from 'postal-mime';
import { SMTPServer } from 'smtp-server';

export interface Mail {
	/** The Message-ID: the same when the same message comes twice. */
	id: string;
	to: string;
	subject: string;
	/** When its last byte had come, by the machine's own clock. */
	at: number;
}

export interface MailServer {
	url: string;
	mails: Mail[];
	close(): Promise<void>;
}

/** `slow`: it thinks for some milliseconds before it takes a recipient, and before it confirms a message. */
export async function startMailServer({ slow = false } = {}): Promise<MailServer> {
	const mails: Mail[] = [];
	let turns = 0;
	const think = () => pause(slow ? (++turns * 7) % 40 : 0);
	const server = new SMTPServer({
		disabledCommands: ['AUTH', 'STARTTLS'],
		onRcptTo: (_address, _session, done) => void think().then(() => done()),
		onData: (stream, _session, done) => {
			const take = async () => {
				const chunks: Buffer[] = [];
				for await (const chunk of stream) chunks.push(chunk as Buffer);
				const at = Date.now();
				const { messageId = '', to, subject = '' } = await PostalMime.parse(Buffer.concat(chunks));
				mails.push({ id: messageId, to: to?.[0]?.address ?? '', subject, at });
			};
			take()
				.then(think)
				.then(() => done(), done);
		}
	});
	// A process that is killed in the middle of a message is no fault of the server's.
	server.on('error', () => undefined);
	const listening = server.listen(0, '127.0.0.1');
	await once(listening, 'listening');
	return {
		url: `smtp://127.0.0.1:${(listening.address() as AddressInfo).port}`,
		mails,
		close: () => new Promise((closed) => server.close(() => closed()))
	};
}

// A mail server on loopback that keeps who was sent what, and nothing else; it outlives the processes that are killed.
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import PostalMime from 'postal-mime';
import { SMTPServer } from 'smtp-server';

export interface Mail {
	/** The Message-ID: the same when the same message comes twice. */
	id: string;
	to: string;
	subject: string;
}

export interface MailServer {
	url: string;
	mails: Mail[];
	close(): Promise<void>;
}

export async function startMailServer(): Promise<MailServer> {
	const mails: Mail[] = [];
	const server = new SMTPServer({
		disabledCommands: ['AUTH', 'STARTTLS'],
		onData: (stream, _session, done) => {
			const take = async () => {
				const chunks: Buffer[] = [];
				for await (const chunk of stream) chunks.push(chunk as Buffer);
				const { messageId = '', to, subject = '' } = await PostalMime.parse(Buffer.concat(chunks));
				mails.push({ id: messageId, to: to?.[0]?.address ?? '', subject });
			};
			take().then(() => done(), done);
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

// Mail servers on loopback, well-behaved and rude, for the test that runs.
import { once } from 'node:events';
import { createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net';
import { SMTPServer, type SMTPServerOptions, type SMTPServerSession } from 'smtp-server';
import { onTestFinished } from 'vitest';

export interface Received {
	raw: string;
	to: string[];
	/** What came before the message: its sender, and which reports are wished. */
	envelope: SMTPServerSession['envelope'];
}

/** A mail server that keeps what it gets; it may be told to behave badly. */
export async function mailServer(
	behaviour: SMTPServerOptions = {}
): Promise<{ url: string; received: Received[] }> {
	const received: Received[] = [];
	const server = new SMTPServer({
		authOptional: true,
		disabledCommands: ['STARTTLS'],
		logger: false,
		closeTimeout: 100,
		onData: (stream, session, done) => {
			const chunks: Buffer[] = [];
			stream.on('data', (chunk: Buffer) => chunks.push(chunk));
			stream.on('end', () => {
				received.push({
					raw: Buffer.concat(chunks).toString(),
					to: session.envelope.rcptTo.map(({ address }) => address),
					envelope: session.envelope
				});
				done();
			});
		},
		...behaviour
	});
	server.on('error', () => undefined);
	const listening = server.listen(0, '127.0.0.1');
	await once(listening, 'listening');
	onTestFinished(() => new Promise<void>((closed) => void server.close(() => closed())));
	return { url: `smtp://127.0.0.1:${(listening.address() as AddressInfo).port}`, received };
}

/** Answers each line by `say`, which may hang up; a message is one line from `DATA` to its dot. */
async function scripted(say: (line: string, socket: Socket) => void): Promise<string> {
	const server = createTcpServer((socket) => {
		let isMessage = false;
		let body = '';
		socket.on('error', () => undefined);
		socket.write('220 scripted ESMTP\r\n');
		socket.on('data', (data) => {
			body += String(data);
			if (isMessage && !body.endsWith('\r\n.\r\n')) return;
			isMessage = body.startsWith('DATA');
			const line = body;
			body = '';
			say(line, socket);
		});
	}).listen(0, '127.0.0.1');
	await once(server, 'listening');
	onTestFinished(() => void server.close());
	return `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Speaks SMTP as far as the message itself, and hangs up before it (`DATA`) or when it has all of it (`.`). */
export async function rudeServer(at: 'DATA' | '.' = 'DATA'): Promise<{ url: string; hungUp: number }> {
	const rude = { url: '', hungUp: 0 };
	rude.url = await scripted((line, socket) => {
		const isEnd = line.endsWith('\r\n.\r\n');
		if (line.startsWith(at) || (at === '.' && isEnd)) {
			rude.hungUp += 1;
			socket.destroy();
		} else socket.write(line.startsWith('DATA') ? '354 go on\r\n' : '250 ok\r\n');
	});
	return rude;
}

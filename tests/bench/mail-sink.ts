// A mail server on loopback that takes every message and forgets it; a process of its own, as it would be elsewhere.
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

const server = new SMTPServer({
	disabledCommands: ['AUTH', 'STARTTLS'],
	onData: (stream, _session, done) => {
		stream.resume();
		stream.on('end', () => done());
	}
});
server.on('error', () => undefined);
const listening = server.listen(0, '127.0.0.1', () =>
	// `start` of processes.ts waits for an address of this form.
	console.log(`http://127.0.0.1:${(listening.address() as AddressInfo).port}`)
);
process.once('SIGTERM', () => process.exit(0));

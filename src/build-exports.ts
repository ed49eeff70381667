// The thread that builds exports: it has its own connection, and reads only.
import { parentPort, workerData } from 'node:worker_threads';
import {
	build,
	type Answer,
	type Equipment,
	type Failure,
	type Order,
	type Question,
	type Signature
} from './lib/server/exports/exports.ts';
import { openForReading } from './lib/server/reading.ts';

const reading = openForReading(workerData as Equipment);
let queue: Promise<void> = Promise.resolve();
let signed: (signature: string) => void = () => undefined;

/** One export is built at a time, and asks once. */
const signerOf = (number: number) => ({
	signDetached: (_type: string, manifest: Uint8Array) =>
		new Promise<string>((resolve) => {
			signed = resolve;
			parentPort?.postMessage({ number, manifest } satisfies Question);
		})
});

/** The portal logs it; what crosses is what a log may carry. */
function told(error: unknown): Failure {
	const { name, stack = '', code } = error as Partial<NodeJS.ErrnoException>;
	return { name: name ?? 'unknown', stack, code };
}

async function answer({ number, job, key, now }: Order): Promise<Answer> {
	try {
		const contextFor = await reading;
		const person = { personId: job.personId, key, now: new Date(now) };
		return { number, built: await build(contextFor(person, signerOf(number)), job) };
	} catch (error) {
		return { number, failed: told(error) };
	}
}

parentPort?.on('message', (order: Order | Signature) => {
	if ('signature' in order) return signed(order.signature);
	queue = queue.then(async () => parentPort?.postMessage(await answer(order)));
});

// The thread that builds exports: it has its own connection, and reads only.
import { parentPort, workerData } from 'node:worker_threads';
import {
	build,
	type Answer,
	type Equipment,
	type Failure,
	type Order
} from './lib/server/exports/exports.ts';
import { openForReading } from './lib/server/reading.ts';

const reading = openForReading(workerData as Equipment);
let queue: Promise<void> = Promise.resolve();

/** The portal logs it; what crosses is what a log may carry. */
function told(error: unknown): Failure {
	const { name, stack = '', code } = error as Partial<NodeJS.ErrnoException>;
	return { name: name ?? 'unknown', stack, code };
}

async function answer({ number, job, key, now }: Order): Promise<Answer> {
	try {
		const contextFor = await reading;
		return { number, built: await build(contextFor(job.personId, key, new Date(now)), job) };
	} catch (error) {
		return { number, failed: told(error) };
	}
}

parentPort?.on('message', (order: Order) => {
	queue = queue.then(async () => parentPort?.postMessage(await answer(order)));
});

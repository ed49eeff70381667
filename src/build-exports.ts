// The thread that builds exports: it has its own connection, and reads only.
import { parentPort, workerData } from 'node:worker_threads';
import { build, type Answer, type Equipment, type Order } from './lib/server/exports/exports.ts';
import { openForReading } from './lib/server/reading.ts';

const reading = openForReading(workerData as Equipment);
let queue: Promise<void> = Promise.resolve();

async function answer({ number, job, key, now }: Order): Promise<Answer> {
	const { log, contextFor } = await reading;
	try {
		return { number, built: await build(contextFor(job.personId, key, new Date(now)), job) };
	} catch (err) {
		log.error({ err, export: job.exportId }, 'building an export failed');
		return { number, failed: err instanceof Error ? err.name : 'unknown' };
	}
}

parentPort?.on('message', (order: Order) => {
	queue = queue.then(async () => parentPort?.postMessage(await answer(order)));
});

// The thread that builds exports: it has its own connections, and reads only.
import { parentPort, workerData } from 'node:worker_threads';
import { build, type Answer, type Order } from './lib/server/exports/exports.ts';
import { openPortal } from './lib/server/portal.ts';
import type { Settings } from './lib/server/platform/settings.ts';

const portal = openPortal(workerData as Settings);
let queue: Promise<void> = Promise.resolve();

async function answer({ number, job, now }: Order): Promise<Answer> {
	const ctx = (await portal).contextFor('portal');
	try {
		const at = new Date(now);
		return { number, built: await build({ ...ctx, clock: { now: () => at } }, job) };
	} catch (err) {
		ctx.log.error({ err, export: job.exportId }, 'building an export failed');
		return { number, failed: err instanceof Error ? err.name : 'unknown' };
	}
}

parentPort?.on('message', (order: Order) => {
	queue = queue.then(async () => parentPort?.postMessage(await answer(order)));
});

// Promise: steps that many messages take at about the same instant share one transaction; none of them waits for a timer.
import type { Context } from '../../context.ts';
import { transaction } from '../../platform/database/transaction.ts';

type Step<Result> = (ctx: Context) => Promise<Result>;

/** Runs a step within a transaction; resolves when that has committed. */
export type Together = <Result>(step: Step<Result>) => Promise<Result>;

interface Waiting {
	step: Step<unknown>;
	resolve(result: unknown): void;
	reject(error: unknown): void;
}

async function runAll(ctx: Context, batch: readonly Waiting[]): Promise<void> {
	try {
		const results = await transaction(ctx, async (ctx) => {
			const results: unknown[] = [];
			for (const { step } of batch) results.push(await step(ctx));
			return results;
		});
		for (const [index, { resolve }] of batch.entries()) resolve(results[index]);
	} catch {
		// One of them failed and took the others back with it: each again for itself, so that only that one fails.
		for (const { step, resolve, reject } of batch) await transaction(ctx, step).then(resolve, reject);
	}
}

/**
 * A commit costs more than the statements in it: whatever comes while one transaction is under way goes into the next one. A step
 * may run twice, the first time without effect.
 */
export function together(ctx: Context): Together {
	let waiting: Waiting[] = [];
	let isRunning = false;
	const run = async () => {
		while (waiting.length) {
			const batch = waiting;
			waiting = [];
			await runAll(ctx, batch);
		}
		isRunning = false;
	};
	return (step) =>
		new Promise((resolve, reject) => {
			waiting.push({ step, resolve: resolve as Waiting['resolve'], reject });
			if (isRunning) return;
			isRunning = true;
			setImmediate(() => void run());
		});
}

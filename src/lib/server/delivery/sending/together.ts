// Promise: steps that many messages take at about the same instant share one transaction; none of them waits for a timer.
import type { Context } from '../../context.ts';
import { gathered } from '../../platform/database/gathered.ts';
import { transaction } from '../../platform/database/transaction.ts';

type Step<Result> = (ctx: Context) => Promise<Result>;

/** Runs a step within a transaction; resolves when that has committed. A step may run twice, the first time without effect. */
export type Together = <Result>(step: Step<Result>) => Promise<Result>;

const inOneTransaction = gathered((ctx: Context, steps: readonly Step<unknown>[]) =>
	transaction(ctx, async (ctx) => {
		const results: unknown[] = [];
		for (const step of steps) results.push(await step(ctx));
		return results;
	})
);

export const together =
	(ctx: Context): Together =>
	<Result>(step: Step<Result>) =>
		inOneTransaction(ctx, step) as Promise<Result>;

// Promise: what many ask for at the same instant is done in one go, and each gets the answer to their own; nobody waits for a timer.
interface Waiting<Ask, Answer> {
	ask: Ask;
	resolve(answer: Answer): void;
	reject(error: unknown): void;
}

/** As many as the largest statement takes. */
const most = 64;

/**
 * A commit costs more than the statements in it, and one statement of many rows little more than one of a single row: whatever
 * comes while a round is under way goes into the next one. `doAll` answers in the order of the asks, in one transaction; where it
 * fails, each ask is done for itself, so that only that one fails.
 */
export function gathered<Context extends { db: object }, Ask, Answer>(
	doAll: (ctx: Context, asks: readonly Ask[]) => Promise<Answer[]>
): (ctx: Context, ask: Ask) => Promise<Answer> {
	type Queue = Waiting<Ask, Answer>[];
	const queues = new WeakMap<object, Queue>();

	async function runOne(ctx: Context, { ask, resolve, reject }: Waiting<Ask, Answer>): Promise<void> {
		await doAll(ctx, [ask]).then(([answer]) => resolve(answer as Answer), reject);
	}

	async function runAll(ctx: Context, round: Queue): Promise<void> {
		try {
			const asks = round.map(({ ask }) => ask);
			const answers = await doAll(ctx, asks);
			for (const [index, { resolve }] of round.entries()) resolve(answers[index] as Answer);
		} catch {
			for (const one of round) await runOne(ctx, one);
		}
	}

	async function run(ctx: Context, queue: Queue): Promise<void> {
		while (queue.length) await runAll(ctx, queue.splice(0, most));
		queues.delete(ctx.db);
	}

	return (ctx, ask) =>
		new Promise((resolve, reject) => {
			const queue = queues.get(ctx.db);
			const waiting = { ask, resolve, reject };
			if (queue) return void queue.push(waiting);
			const begun = [waiting];
			queues.set(ctx.db, begun);
			setImmediate(() => void run(ctx, begun));
		});
}

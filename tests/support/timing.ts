// Whether two things take the same time, told by their medians. A busy machine disturbs a single run: let such a test be
// tried again; what really takes longer fails every time.

interface Pair {
	account: string;
	nobody: string;
}

const median = (values: number[]): number => values.sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

async function timed(work: () => Promise<unknown>): Promise<number> {
	const start = performance.now();
	await work();
	return performance.now() - start;
}

/** The slower median over the faster one, taken in turns. */
export async function medianRatio(
	pairs: readonly Pair[],
	work: (name: string) => Promise<unknown>
): Promise<number> {
	const times = { account: [] as number[], nobody: [] as number[] };
	for (const [index, pair] of pairs.entries())
		for (const kind of index % 2 ? (['account', 'nobody'] as const) : (['nobody', 'account'] as const))
			times[kind].push(await timed(() => work(pair[kind])));
	const ratio = median(times.account) / median(times.nobody);
	return Math.max(ratio, 1 / ratio);
}

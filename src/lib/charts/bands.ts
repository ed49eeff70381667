// What flowed to whom, made ready for the drawing: the largest first, and where there are very many, the rest as one.
import type { FlowData } from './flow.ts';

/** More of them at the end than this are drawn as one; the table has them all. */
const drawnAtMost = 9;
const rest = 'to further';

export interface Band {
	from: string;
	to: string;
	/** Above 0. */
	value: number;
}

/** What codes are called. */
export interface Names {
	from(id: string): string;
	to(id: string): string;
	/** So many that are not drawn one by one. */
	further(count: number): string;
	/** A band in words; its ends are names already. */
	band(from: string, to: string, value: number): string;
}

const sum = (bands: readonly Band[]) => bands.reduce((total, { value }) => total + value, 0);
const largestFirst = (bands: readonly Band[], end: 'from' | 'to') =>
	[...new Set(bands.map((band) => band[end]))]
		.map((id) => ({ id, total: sum(bands.filter((band) => band[end] === id)) }))
		.sort((a, b) => b.total - a.total)
		.map(({ id }) => id);

function flowOf(bands: readonly Band[], names: Names): FlowData {
	return {
		nodes: [
			...largestFirst(bands, 'from').map((id) => ({
				id: `from ${id}`,
				label: names.from(id),
				side: 'start' as const
			})),
			...largestFirst(bands, 'to').map((id) => ({
				id: `to ${id}`,
				label: names.to(id),
				side: 'end' as const,
				group: 'ends'
			}))
		],
		links: bands.map(({ from, to, value }) => ({
			from: `from ${from}`,
			to: `to ${to}`,
			value,
			label: names.band(names.from(from), names.to(to), value)
		}))
	};
}

/** Bands to those that are not drawn, put together by where they begin. */
function gathered(bands: readonly Band[], drawn: ReadonlySet<string>): Band[] {
	const further = new Map<string, number>();
	for (const { from, to, value } of bands)
		if (!drawn.has(to)) further.set(from, (further.get(from) ?? 0) + value);
	const single = bands.filter(({ to }) => drawn.has(to));
	return [...single, ...[...further].map(([from, value]) => ({ from, to: rest, value }))];
}

/** The drawing, and the table with everything. */
export function flowsOf(given: readonly Band[], names: Names): { drawing: FlowData; table: FlowData } {
	const bands = [...given].sort((a, b) => b.value - a.value);
	const ends = largestFirst(bands, 'to');
	const drawn = new Set(ends.length > drawnAtMost + 1 ? ends.slice(0, drawnAtMost) : ends);
	const count = ends.length - drawn.size;
	const withRest = { ...names, to: (id: string) => (id === rest ? names.further(count) : names.to(id)) };
	return { drawing: flowOf(gathered(bands, drawn), withRest), table: flowOf(bands, names) };
}

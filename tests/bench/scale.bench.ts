// The same pages with few and with many people in the database, for people spread over all of it.
import { after, latencies, median, percentile } from './load.ts';
import { cookieOf, few, generated, many, somePeople, within, type Crowd } from './people.ts';
import { startPortal, type Running } from './processes.ts';
import type { Bench } from './run.ts';

const pages = { overview: '/', messages: '/messages', data: '/data' };
const sessions = 200;
const rounds = 7;
const roundSeconds = 1.5;

interface Place {
	crowd: Crowd;
	portal: Running;
	cookies: string[];
	taken: Record<string, number[]>;
}

export const bench: Bench = async () => {
	const places = [await open(few), await open(many)] as const;
	try {
		for (const place of places) await visit(place);
		for (const place of places) place.taken = {};
		for (let round = 0; round < rounds; round++) for (const place of places) await visit(place);
		const [small, large] = places;
		const rows = Object.keys(pages).map((name) => {
			const [a, b] = [small.taken[name] ?? [], large.taken[name] ?? []];
			return [
				name,
				...[median(a), median(b)].map((ms) => ms.toFixed(2)),
				(median(b) / median(a)).toFixed(2),
				(percentile(b, 95) / percentile(a, 95)).toFixed(2)
			];
		});
		const titles = [few, many].map(({ people }) => `${people.toLocaleString('en')} people, ms`);
		return [
			{
				title: 'Latency by the number of people',
				columns: ['page, one client', ...titles, 'ratio', 'ratio of the 95th percentile'],
				rows,
				note: `Medians; ${sessions} people in turns. Asked: at most 1.30 with a million (\`CANDOR_BENCH_FULL=1\`).`
			}
		];
	} finally {
		for (const { portal } of places) await portal.stop();
	}
};

async function open(crowd: Crowd): Promise<Place> {
	const { folder } = generated(crowd);
	const portal = await startPortal(folder);
	const cookies = await within(folder, async (ctx) => {
		const cookies: string[] = [];
		for (const id of await somePeople(ctx, sessions)) cookies.push(await cookieOf(ctx, id));
		return cookies;
	});
	return { crowd, portal, cookies, taken: {} };
}

async function visit({ portal, cookies, taken }: Place): Promise<void> {
	for (const [name, path] of Object.entries(pages)) {
		const some = await latencies(portal.address + path, cookies, after(roundSeconds));
		taken[name] = [...(taken[name] ?? []), ...some];
	}
}

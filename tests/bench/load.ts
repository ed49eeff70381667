// Requests, counted and timed. What is compared is measured in turns, so that a busy moment falls on all alike.
import autocannon from 'autocannon';
import { Agent, get } from 'node:http';

export interface Target {
	name: string;
	url: string;
	cookie?: string;
	method?: 'GET' | 'POST';
	headers?: Record<string, string>;
	body?: string;
}

const connections = 16;
const rounds = 5;
const roundSeconds = 2;
/** Requests after which the engine has compiled what it will compile; seconds would be too few on a busy machine. */
const warmUp = 2_000;

export function median(values: readonly number[]): number {
	return percentile(values, 50);
}

export function percentile(values: readonly number[], percent: number): number {
	const sorted = [...values].sort((a, b) => a - b);
	return sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * percent) / 100))] ?? Number.NaN;
}

/** Requests per second of each target with 16 connections: the median of five turns. */
export async function rates(
	targets: readonly Target[],
	amount: number = warmUp
): Promise<Map<string, number>> {
	const measured = new Map<string, number[]>(targets.map(({ name }) => [name, []]));
	for (const target of targets) await rate(target, { amount });
	for (let round = 0; round < rounds; round++)
		for (const target of targets) measured.get(target.name)?.push(await rate(target));
	return new Map([...measured].map(([name, values]) => [name, median(values)]));
}

async function rate(
	{ name, url, cookie, method = 'GET', headers: given = {}, body }: Target,
	how: { duration: number } | { amount: number } = { duration: roundSeconds }
): Promise<number> {
	const headers = { ...given, ...(cookie && { cookie }) };
	const request = { url, connections, headers, method, ...(body && { body }) };
	const { requests, duration, errors, non2xx } = await autocannon({ ...request, ...how });
	if (errors || non2xx) throw new Error(`${name}: ${errors} errors, ${non2xx} answers that are no success`);
	return requests.total / duration;
}

/** Milliseconds of each of the requests that one client makes, one after the other, until `until` says so. */
export async function latencies(
	url: string,
	cookies: readonly string[],
	until: () => boolean,
	pauseMs = 0
): Promise<number[]> {
	const agent = new Agent({ keepAlive: true });
	const taken: number[] = [];
	while (!until()) {
		const begun = performance.now();
		await answerOf(url, agent, cookies[taken.length % cookies.length]);
		taken.push(performance.now() - begun);
		if (pauseMs) await new Promise((resolve) => setTimeout(resolve, pauseMs));
	}
	agent.destroy();
	return taken;
}

/** Says yes when so many seconds are over. */
export function after(seconds: number): () => boolean {
	const end = performance.now() + seconds * 1_000;
	return () => performance.now() > end;
}

function answerOf(url: string, agent: Agent, cookie: string | undefined): Promise<void> {
	return new Promise((done, fail) => {
		get(url, { agent, headers: cookie ? { cookie } : {} }, (response) => {
			response.resume();
			response.once('end', () =>
				response.statusCode === 200 ? done() : fail(new Error(`${url} answered ${response.statusCode}`))
			);
		}).once('error', fail);
	});
}

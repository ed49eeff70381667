/** What the benchmarks use of autocannon, which brings no types. */
declare module 'autocannon' {
	interface Options {
		url: string;
		connections: number;
		duration?: number;
		amount?: number;
		headers?: Record<string, string>;
		method?: 'GET' | 'POST';
		body?: string;
		/** Changes each request before it leaves. */
		requests?: { setupRequest(request: { path: string }): object }[];
	}
	interface Result {
		requests: { total: number };
		duration: number;
		errors: number;
		non2xx: number;
	}
	export default function autocannon(options: Options): Promise<Result>;
}

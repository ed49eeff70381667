// Promise: whatever answers (a page, a redirect, a refusal, a file), it says these; who knows better has the last word.
import type { Settings } from './settings.ts';

/** For what is no page: a page brings a policy of its own. */
const contentPolicy = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** What lies in `static/` and in the build, the same for everybody; of routes that look so, the hook takes care. */
const isFile = (path: string): boolean => /^[^?]*\.[a-z0-9]+(\?|$)/.test(path) && !path.startsWith('/api/');

/** The headers with which an answer to `path` begins. Nothing that may be about somebody stays in a cache. */
export const defaultHeaders = (
	{ origin }: Pick<Settings, 'origin'>,
	path: string
): Record<string, string> => ({
	'X-Content-Type-Options': 'nosniff',
	'Referrer-Policy': 'strict-origin',
	'Cross-Origin-Opener-Policy': 'same-origin',
	'Cross-Origin-Resource-Policy': 'same-origin',
	'Permissions-Policy': 'camera=(), microphone=(), geolocation=(), browsing-topics=()',
	'Content-Security-Policy': contentPolicy,
	...(isFile(path) ? {} : { 'Cache-Control': 'no-store' }),
	...(origin.startsWith('https:')
		? { 'Strict-Transport-Security': 'max-age=31536000; includeSubDomains' }
		: {})
});

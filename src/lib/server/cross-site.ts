// Our own cross-site check, stricter than the framework's: a request that may change something must say that it is ours.

const safe = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * `Origin` is our own, or the browser says that the request comes from this very site (W3C Fetch Metadata): pages cannot write
 * `Sec-Fetch-Site`, and a portal that is also reached as 127.0.0.1 has another `Origin` there.
 */
export function isOwnPost(request: Request, origin: string): boolean {
	if (safe.has(request.method)) return true;
	if (request.headers.get('origin') === origin) return true;
	const site = request.headers.get('sec-fetch-site');
	return site === 'same-origin' || (site === 'none' && request.headers.get('origin') === null);
}

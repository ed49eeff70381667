// Our own cross-site check, stricter than the framework's: a request that may change something must say that it is ours.

const safe = new Set(['GET', 'HEAD', 'OPTIONS']);

/** `Origin` is our own, or the browser says that the request comes from this very site (STANDARDS §0). */
export function isOwnPost(request: Request, origin: string): boolean {
	if (safe.has(request.method)) return true;
	const said = request.headers.get('origin');
	if (said !== null) return said === origin;
	const site = request.headers.get('sec-fetch-site');
	return site === 'same-origin' || site === 'none';
}

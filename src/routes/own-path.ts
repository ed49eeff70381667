/** Where to go after signing in: a path of this portal, or the overview. Another site's address leads nowhere. */
export function ownPath(next: string | null | undefined): string {
	if (!next || !next.startsWith('/') || next.length > 2_000) return '/';
	const base = 'http://own.invalid';
	const url = URL.canParse(next, base) ? new URL(next, base) : undefined;
	if (!url || url.origin !== base || url.pathname.startsWith('//') || url.pathname.startsWith('/sign-'))
		return '/';
	return url.pathname + url.search;
}

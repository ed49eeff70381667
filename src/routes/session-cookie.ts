// The one cookie that signs in, set alike wherever a session begins or goes on under a new id.
import type { Cookies, RequestEvent } from '@sveltejs/kit';
import { cookieName, cookieOptions } from '$lib/server/accounts/sessions';

export function setSessionCookie(
	{ cookies, locals }: Pick<RequestEvent, 'cookies' | 'locals'>,
	secretId: string
): void {
	const { origin } = locals.ctx.settings;
	cookies.set(cookieName(origin), secretId, cookieOptions(origin));
}

export function deleteSessionCookie(cookies: Cookies, origin: string): void {
	const { path, secure } = cookieOptions(origin);
	cookies.delete(cookieName(origin), { path, secure });
}

/** What is known of the browser that signs in. */
export const deviceOf = ({ request, locals }: Pick<RequestEvent, 'request' | 'locals'>) => ({
	userAgent: (request.headers.get('user-agent') ?? '').slice(0, 300),
	address: locals.address
});

/** A language asked for by `?lang=` before signing in lasts for the session that begins. */
export const languageOf = ({
	url,
	cookies,
	locals
}: Pick<RequestEvent, 'url' | 'cookies' | 'locals'>): string | null =>
	url.searchParams.get('lang') || cookies.get('language') ? locals.translation.tag : null;

// In which language a request is answered.
import type { RequestEvent } from '@sveltejs/kit';
import { shippedLanguages, translationIn } from '$lib/i18n/catalogues';
import { chooseLanguage } from '$lib/i18n/choice';
import { pseudoLanguage } from '$lib/i18n/pseudo';
import * as sessions from '$lib/server/accounts/sessions';
import { readUnsubscribeToken } from '$lib/server/preferences/preferences';
import { sessions as staffSessions } from '$lib/server/staff/staff';

/** What the description and the portal share; in the demonstration the invented language of testers too. */
function offeredIn({ organisation, settings }: App.Locals['ctx']): string[] {
	const shipped = organisation.languages.filter((tag) => shippedLanguages.includes(tag));
	return [...(shipped.length ? shipped : ['en']), ...(settings.demonstration ? [pseudoLanguage] : [])];
}

/** Whoever comes from a message reads on in its language, unless `?lang=` says another one. */
export const languageOfMessage = ({ url, locals }: RequestEvent, message: string): string =>
	chooseLanguage({ address: url.searchParams.get('lang'), message }, offeredIn(locals.ctx));

/** `?lang=` wins over the session, the account, the cookie and the browser, and lasts for the session (CONTRACT §3). */
export async function speak(event: RequestEvent, mayRemember: boolean): Promise<void> {
	const { locals, url, cookies, request } = event;
	const { settings } = locals.ctx;
	const offered = offeredIn(locals.ctx);
	const address = url.searchParams.get('lang');
	const current = locals.visitor ? locals.session.language : (locals.staff?.session.language ?? null);
	const wishes = {
		address,
		session: current,
		account: locals.visitor?.language,
		cookie: cookies.get('language'),
		browser: request.headers.get('accept-language')
	};
	const message =
		event.route.id === '/(public)/unsubscribe/[token]'
			? readUnsubscribeToken(locals.ctx, event.params.token ?? '')?.language
			: undefined;
	const tag = chooseLanguage({ ...wishes, message }, offered);
	if (address && mayRemember) {
		cookies.set('language', tag, {
			path: '/',
			httpOnly: true,
			sameSite: 'lax',
			secure: settings.origin.startsWith('https:')
		});
		if (locals.visitor && current !== tag)
			await sessions.rememberLanguage(locals.ctx, locals.session.id, tag);
		if (locals.staff && current !== tag)
			await staffSessions.rememberLanguage(locals.ctx, locals.staff.session.id, tag);
	}
	locals.translation = translationIn(tag, locals.visitor?.timeZone ?? 'UTC');
}

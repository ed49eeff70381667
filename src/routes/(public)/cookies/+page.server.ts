import { purposeOf } from '$lib/server/organisation/lookup';
import { cookieName } from '$lib/server/accounts/sessions';

export const load = ({ locals, request }) => {
	const { ctx, translation } = locals;
	const { text } = translation;
	return {
		ours: [
			{ name: cookieName(ctx.settings.origin), about: translation.t('cookies:session') },
			{ name: 'language', about: translation.t('cookies:language') },
			{ name: 'recovery', about: translation.t('cookies:recovery') }
		],
		gpc: request.headers.get('sec-gpc') === '1',
		cookies: ctx.organisation.cookies.map(({ name, by, about, purpose, lasts, necessary, invented }) => ({
			name,
			by,
			about: text(about),
			purpose: text(purposeOf(ctx.organisation, purpose)?.label),
			lasts: text(lasts),
			necessary,
			invented: invented === true
		}))
	};
};

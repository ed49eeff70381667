import { signInName } from '$lib/server/accounts/identifiers';
import { banners } from './banners';
import { footerOf, languagesOf, navigationOf } from './shell';

export const load = async ({ locals, url }) => ({
	translation: locals.translation,
	visitor: locals.visitor ? { identifier: await signInName(locals.ctx, locals.visitor.id) } : undefined,
	banners: locals.visitor ? await banners(locals) : [],
	demonstration: locals.ctx.settings.demonstration,
	organisationName: locals.translation.text(locals.ctx.organisation.organisation.name),
	navigation: locals.visitor ? navigationOf(locals, url.pathname) : [],
	languages: languagesOf(locals, url),
	footer: footerOf(locals, url.pathname)
});

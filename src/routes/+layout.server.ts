import { signInName } from '$lib/server/accounts/identifiers';
import { banners } from './banners';
import { footerOf, languagesOf, navigationOf, staffNavigationOf } from './shell';

export const load = async ({ locals, url, route }) => ({
	translation: locals.translation,
	visitor: locals.visitor ? { identifier: await signInName(locals.ctx, locals.visitor.id) } : undefined,
	staff: locals.staff && { name: locals.staff.member.name, identifier: locals.staff.member.id },
	/** A page of staff, signed in or not. */
	isStaffs: route.id?.startsWith('/(staff)') ?? false,
	banners: locals.visitor ? await banners(locals) : [],
	demonstration: locals.ctx.settings.demonstration,
	organisationName: locals.translation.text(locals.ctx.organisation.organisation.name),
	navigation: locals.visitor
		? navigationOf(locals, url.pathname)
		: locals.staff
			? staffNavigationOf(locals, url.pathname)
			: [],
	languages: languagesOf(locals, url),
	footer: footerOf(locals, url.pathname)
});

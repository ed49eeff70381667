import { identifiersOf } from '$lib/server/accounts/identifiers';
import { banners } from './banners';
import { footerOf, languagesOf, navigationOf } from './shell';

/** The name in the account menu: what the person signed in with. */
async function signInName({ ctx, visitor }: App.Locals): Promise<string> {
	if (!visitor) return '';
	const identifiers = await identifiersOf(ctx, visitor.id);
	const byKind = (kind: string) => identifiers.find((identifier) => identifier.kind === kind)?.value;
	return byKind('email') ?? byKind('username') ?? byKind('phone') ?? '';
}

export const load = async ({ locals, url }) => ({
	translation: locals.translation,
	visitor: locals.visitor ? { identifier: await signInName(locals) } : undefined,
	banners: locals.visitor ? await banners(locals) : [],
	demonstration: locals.ctx.settings.demonstration,
	organisationName: locals.translation.text(locals.ctx.organisation.organisation.name),
	navigation: locals.visitor ? navigationOf(locals, url.pathname) : [],
	languages: languagesOf(locals, url),
	footer: footerOf(locals, url.pathname)
});

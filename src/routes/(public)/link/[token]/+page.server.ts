import { redirect } from '@sveltejs/kit';
import * as supportLinks from '$lib/server/staff/support-links/support-links';

export const load = async ({ params, locals, url, setHeaders }) => {
	// The address holds a secret: it goes to no other site, and into no cache.
	setHeaders({ 'Cache-Control': 'no-store' });
	const { ctx, visitor } = locals;
	const link = await supportLinks.find(ctx, params.token);
	if ('refused' in link) return link;
	if (!visitor) redirect(303, `/sign-in?${new URLSearchParams({ next: url.pathname, lang: link.language })}`);
	const outcome = await supportLinks.open(ctx, visitor.id, params.token);
	if ('refused' in outcome) return outcome;
	redirect(303, `${outcome.page}?lang=${outcome.language}`);
};

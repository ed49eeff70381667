import { redirect } from '@sveltejs/kit';
import { cookieName } from '$lib/server/accounts/sessions';
import * as sessions from '$lib/server/accounts/sessions';

export const load = () => redirect(303, '/');

export const actions = {
	default: async ({ locals, cookies, setHeaders }) => {
		if (locals.visitor) await sessions.end(locals.ctx, locals.visitor.id, locals.session.id);
		cookies.delete(cookieName(locals.ctx.settings.origin), { path: '/', secure: locals.ctx.settings.origin.startsWith('https:') });
		setHeaders({ 'Clear-Site-Data': '"cache", "storage"' });
		redirect(303, '/sign-in');
	}
};

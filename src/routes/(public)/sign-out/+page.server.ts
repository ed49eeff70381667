import { redirect } from '@sveltejs/kit';
import { signOut } from '$lib/server/accounts/accounts';
import { deleteSessionCookie } from '../../session-cookie';

export const load = () => redirect(303, '/');

export const actions = {
	default: async ({ locals, cookies, setHeaders }) => {
		if (locals.visitor) await signOut(locals.ctx, locals.visitor.id, locals.session.id);
		deleteSessionCookie(cookies, locals.ctx.settings.origin);
		setHeaders({ 'Clear-Site-Data': '"cache", "storage"' });
		redirect(303, '/sign-in?done=signed-out');
	}
};

import { redirect } from '@sveltejs/kit';
import { signOut } from '$lib/server/staff/staff';
import { deleteStaffCookie } from '../../../staff-cookie';

export const load = () => redirect(303, '/staff');

export const actions = {
	default: async (event) => {
		const { locals, setHeaders } = event;
		if (locals.staff) await signOut(locals.ctx, locals.staff.member, locals.staff.session.id);
		deleteStaffCookie(event);
		setHeaders({ 'Clear-Site-Data': '"cache", "storage"' });
		redirect(303, '/staff/sign-in?done=signed-out');
	}
};

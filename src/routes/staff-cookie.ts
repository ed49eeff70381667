// The cookie of staff: never set beside a person's on one page, and never read where theirs is.
import type { RequestEvent } from '@sveltejs/kit';
import { sessions } from '$lib/server/staff/staff';

type Cookied = Pick<RequestEvent, 'cookies' | 'locals'>;

export function setStaffCookie({ cookies, locals }: Cookied, secretId: string): void {
	const { origin } = locals.ctx.settings;
	cookies.set(sessions.cookieName(origin), secretId, sessions.cookieOptions(origin));
}

export function deleteStaffCookie({ cookies, locals }: Cookied): void {
	const { origin } = locals.ctx.settings;
	const { path, secure } = sessions.cookieOptions(origin);
	cookies.delete(sessions.cookieName(origin), { path, secure });
}

/** The member and session of a page that needs one; the guard has sent everybody else away. */
export function staffOf(locals: App.Locals): NonNullable<App.Locals['staff']> {
	if (!locals.staff) throw new Error('this route reads a staff member and is not guarded');
	return locals.staff;
}

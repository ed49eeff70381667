import { fail, redirect } from '@sveltejs/kit';
import { z } from 'zod';
import { readForm } from '$lib/forms/read-form';
import * as staff from '$lib/server/staff/staff';
import { setStaffCookie, staffOf } from '../../../staff-cookie';

const passwords = z.object({
	password: z.string().min(1).max(1_000),
	'new-password': z.string().min(1).max(500)
});

export const load = ({ locals }) => ({
	mustChange: staffOf(locals).session.mustChange,
	passwordDays: locals.ctx.organisation.staff.passwordDays
});

export const actions = {
	default: async (event) => {
		const { request, locals, setHeaders } = event;
		const { member, session } = staffOf(locals);
		const form = await readForm(request, passwords);
		if (form.problems) return fail(400, form);
		const outcome = await staff.changePassword(locals.ctx, member, {
			present: form.values.password,
			next: form.values['new-password'],
			language: session.language
		});
		if ('problems' in outcome) return fail(400, { problems: outcome.problems, typed: {} });
		if ('refused' in outcome) {
			if ('waitSeconds' in outcome) setHeaders({ 'Retry-After': String(outcome.waitSeconds) });
			return fail('waitSeconds' in outcome ? 429 : 400, outcome);
		}
		setStaffCookie(event, outcome.secretId);
		redirect(303, '/staff?done=password');
	}
};

import { fail, redirect } from '@sveltejs/kit';
import { z } from 'zod';
import { line, readForm } from '$lib/forms/read-form';
import * as accounts from '$lib/server/accounts/accounts';
import * as staff from '$lib/server/staff/staff';
import { languageOf } from '../../../session-cookie';
import { setStaffCookie } from '../../../staff-cookie';

const credentials = z.object({ id: line(100), password: z.string().min(1).max(1_000) });
const demonstrationMember = z.object({ member: line(100) });

export const load = async ({ locals, url }) => {
	if (locals.staff) redirect(303, '/staff');
	const members = await staff.demonstrationStaff(locals.ctx);
	return {
		signedOut: url.searchParams.get('done') === 'signed-out',
		demonstrationPassword: members.length ? accounts.demonstrationPassword : undefined,
		members: members.map(({ id, name, role }) => ({ id, name, role }))
	};
};

export const actions = {
	default: async (event) => {
		const { request, locals, setHeaders } = event;
		const form = await readSignIn(request, locals.ctx.settings.demonstration);
		if (form.problems) return fail(400, form);
		const { id, password } = form.values;
		const { address } = locals;
		const attempt = { id, password, address, language: languageOf(event), before: locals.staff?.session.id };
		const outcome = await staff.signIn(locals.ctx, attempt);
		if ('refused' in outcome) {
			if ('waitSeconds' in outcome) setHeaders({ 'Retry-After': String(outcome.waitSeconds) });
			return fail(outcome.refused === 'wrong-credentials' ? 400 : 429, { ...outcome, typed: { id } });
		}
		setStaffCookie(event, outcome.secretId);
		redirect(303, '/staff');
	}
};

/** The form of everybody, or in the demonstration a button that names a member. */
async function readSignIn(request: Request, demonstration: boolean) {
	if (!demonstration) return readForm(request, credentials);
	const button = await readForm(request.clone(), demonstrationMember);
	if (button.problems) return readForm(request, credentials);
	return {
		values: { id: button.values.member, password: accounts.demonstrationPassword },
		problems: undefined
	};
}

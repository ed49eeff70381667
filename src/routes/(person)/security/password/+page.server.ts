import { fail, redirect } from '@sveltejs/kit';
import { readForm } from '$lib/forms/read-form';
import { changePassword } from '$lib/server/accounts/accounts';
import { newPassword, passwordProblem } from '../../../new-password';
import { requireProof } from '../../../step-up';

export const load = (event) => requireProof(event);

export const actions = {
	default: async (event) => {
		const { request, locals } = event;
		const form = await readForm(request, newPassword);
		if (form.problems) return fail(400, form);
		await requireProof(event);
		const outcome = await changePassword(
			locals.ctx,
			locals.person.id,
			locals.session.id,
			form.values['new-password']
		);
		if ('problem' in outcome) return fail(400, passwordProblem(outcome.problem));
		redirect(303, '/security?done=password-changed');
	}
};

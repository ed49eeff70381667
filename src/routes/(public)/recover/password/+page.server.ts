import { fail, redirect } from '@sveltejs/kit';
import { readForm } from '$lib/forms/read-form';
import { newPassword, passwordProblem } from '../../../new-password';
import { recovery } from '$lib/server/accounts/accounts';
import { ownPath } from '../../../own-path';
import { deviceOf, languageOf, setSessionCookie } from '../../../session-cookie';
import { deleteFlow, flowOf, stepAddress } from '../flow-cookie';

export const load = (event) => {
	const next = ownPath(event.url.searchParams.get('next'));
	if (recovery.stepOf(event.locals.ctx, flowOf(event)) !== 'password') redirect(303, stepAddress('', next));
};

export const actions = {
	default: async (event) => {
		const { request, locals, url } = event;
		const form = await readForm(request, newPassword);
		if (form.problems) return fail(400, form);
		const wish = {
			password: form.values['new-password'],
			device: deviceOf(event),
			language: languageOf(event)
		};
		const outcome = await recovery.finish(locals.ctx, flowOf(event), wish);
		if ('problem' in outcome) return fail(400, passwordProblem(outcome.problem));
		deleteFlow(event);
		if ('refused' in outcome) redirect(303, '/recover?done=recovery-ended');
		setSessionCookie(event, outcome.secretId);
		redirect(303, ownPath(url.searchParams.get('next')));
	}
};

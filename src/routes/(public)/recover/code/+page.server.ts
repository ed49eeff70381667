import { fail, redirect } from '@sveltejs/kit';
import { z } from 'zod';
import { line, readForm } from '$lib/forms/read-form';
import { recovery } from '$lib/server/accounts/accounts';
import { ownPath } from '../../../own-path';
import { flowOf, setFlow, stepAddress } from '../flow-cookie';

const answer = z.object({ code: line(40) });

export const load = (event) => {
	const next = ownPath(event.url.searchParams.get('next'));
	const step = recovery.stepOf(event.locals.ctx, flowOf(event));
	if (!step) redirect(303, stepAddress('', next));
	if (step === 'password') redirect(303, stepAddress('/password', next));
	return { again: stepAddress('', next) };
};

export const actions = {
	default: async (event) => {
		const { request, locals, url, setHeaders } = event;
		const form = await readForm(request, answer);
		if (form.problems) return fail(400, form);
		const outcome = await recovery.check(locals.ctx, flowOf(event), form.values.code, locals.address);
		if ('refused' in outcome) {
			if ('waitSeconds' in outcome) setHeaders({ 'Retry-After': String(outcome.waitSeconds) });
			return fail('waitSeconds' in outcome ? 429 : 400, outcome);
		}
		setFlow(event, outcome.flow);
		redirect(303, stepAddress('/password', ownPath(url.searchParams.get('next'))));
	}
};

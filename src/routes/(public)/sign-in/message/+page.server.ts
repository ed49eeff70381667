import { fail, redirect } from '@sveltejs/kit';
import { z } from 'zod';
import { line, readForm } from '$lib/forms/read-form';
import { messageSignIn } from '$lib/server/accounts/accounts';
import { stepAddress } from '../../../flow-cookie';
import { languageOf } from '../../../session-cookie';
import { flow, nextOf } from '../entering';

const question = z.object({ identifier: line(254) });

export const load = (event) => {
	const next = nextOf(event);
	if (event.locals.visitor) redirect(303, next);
	return { password: stepAddress('/sign-in', next) };
};

export const actions = {
	/** Answers alike for an account and for none: status, headers, size and time. */
	default: async (event) => {
		const { request, locals, setHeaders } = event;
		const form = await readForm(request, question);
		if (form.problems) return fail(400, form);
		const next = nextOf(event);
		const wish = { ...form.values, address: locals.address, next, language: languageOf(event) };
		const outcome = await messageSignIn.begin(locals.ctx, wish);
		if ('refused' in outcome) {
			setHeaders({ 'Retry-After': String(outcome.waitSeconds) });
			return fail(429, { ...outcome, typed: form.values });
		}
		flow.set(event, outcome.flow);
		redirect(303, stepAddress('/sign-in/code', next));
	}
};

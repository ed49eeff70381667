import { fail, redirect } from '@sveltejs/kit';
import { z } from 'zod';
import { line, readForm } from '$lib/forms/read-form';
import { recovery } from '$lib/server/accounts/accounts';
import { ownPath } from '../../own-path';
import { setFlow, stepAddress } from './flow-cookie';

const question = z.object({ identifier: line(254) });

export const load = ({ url }) => ({
	next: ownPath(url.searchParams.get('next')),
	ended: url.searchParams.get('done') === 'recovery-ended'
});

export const actions = {
	default: async (event) => {
		const { request, locals, url, setHeaders } = event;
		const form = await readForm(request, question);
		if (form.problems) return fail(400, form);
		const outcome = await recovery.begin(locals.ctx, { ...form.values, address: locals.address });
		if ('refused' in outcome) {
			setHeaders({ 'Retry-After': String(outcome.waitSeconds) });
			return fail(429, { ...outcome, typed: form.values });
		}
		setFlow(event, outcome.flow);
		redirect(303, stepAddress('/code', ownPath(url.searchParams.get('next'))));
	}
};

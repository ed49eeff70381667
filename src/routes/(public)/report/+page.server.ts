import { fail, redirect } from '@sveltejs/kit';
import { z } from 'zod';
import { line, paragraph, readForm } from '$lib/forms/read-form';
import * as families from '$lib/server/families/families';

const reporting = z.object({
	account: line(254),
	about: paragraph(1_000).default(''),
	contact: z.union([z.literal(''), line(254)]).default('')
});

export const load = ({ locals: { ctx, translation }, url, setHeaders }) => {
	setHeaders({ 'X-Robots-Tag': 'noindex' });
	const { minors } = ctx.organisation;
	return {
		about: minors ? translation.text(minors.about) : '',
		days: minors?.reportDays ?? 3,
		done: url.searchParams.get('done') === 'reported'
	};
};

export const actions = {
	/** The same answer for everybody: whether there is such an account, and whose, is nobody's business. */
	default: async ({ request, locals, setHeaders }) => {
		const form = await readForm(request, reporting);
		if (form.problems) return fail(400, form);
		const outcome = await families.report(locals.ctx, { ...form.values, address: locals.address });
		if ('refused' in outcome) {
			setHeaders({ 'Retry-After': String(outcome.waitSeconds) });
			return fail(429, { ...outcome, typed: form.values });
		}
		redirect(303, '/report?done=reported');
	}
};

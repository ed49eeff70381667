import { fail, redirect } from '@sveltejs/kit';
import { z } from 'zod';
import { readForm } from '$lib/forms/read-form';
import * as visibility from '$lib/server/visibility/visibility';

/** Fields are named by their code `category.field`. */
const choices = z.record(z.string().max(100), z.string().max(20));

export const load = async ({ locals: { ctx, person }, url }) => {
	const fields = [...(await visibility.of(ctx, person))].map(([code, field]) => ({ code, ...field }));
	return {
		fields: fields.filter(({ choices }) => choices.length > 1),
		fixed: fields.filter(({ choices }) => choices.length === 1),
		viewers: visibility.viewers,
		shown: visibility.isShown(person),
		done: url.searchParams.get('done')
	};
};

export const actions = {
	default: async ({ request, locals: { ctx, person } }) => {
		const form = await readForm(request, choices);
		if (form.problems) return fail(400, form);
		const outcome = await visibility.choose(ctx, person, form.values);
		if ('problems' in outcome) return fail(400, { problems: outcome.problems, typed: form.values });
		if ('refused' in outcome) return fail(409, { ...outcome, typed: form.values });

		redirect(303, `/profile/visibility?done=${outcome.changed.length ? 'saved' : 'unchanged'}`);
	}
};

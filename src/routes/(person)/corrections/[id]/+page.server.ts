import { error, fail, redirect } from '@sveltejs/kit';
import { readForm } from '$lib/forms/read-form';
import * as corrections from '$lib/server/corrections/corrections';
import { again, longestWords } from '$lib/server/corrections/opening';
import { authoritiesFor } from '../../../authorities';
import { contest, notTaken } from '../contest';
import { nameOf, toldOf } from '../names';

export const load = async ({ locals, params, url }) => {
	const { ctx, person, translation } = locals;
	const correction = await corrections.find(ctx, person.id, params.id);
	if (!correction) error(404, { message: 'not-found', code: 'not-found' });
	const about = corrections.fieldOf(ctx, person.role, correction.field);
	return {
		correction,
		name: nameOf(ctx, translation, person.role, correction.field),
		field: about?.field,
		told: toldOf(ctx, correction),
		authorities: correction.decision === 'refused' ? authoritiesFor(locals, person.country) : [],
		longestWords,
		done: url.searchParams.get('done')
	};
};

export const actions = {
	default: async ({ request, params, locals: { ctx, person } }) => {
		const form = await readForm(request, contest);
		if (form.problems) return fail(400, form);
		const refusal = notTaken(await again(ctx, person, params.id, form.values), form.values);
		if (refusal) return refusal;

		redirect(303, `/corrections/${params.id}?done=again`);
	}
};

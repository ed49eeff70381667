import { error, fail, redirect } from '@sveltejs/kit';
import { readForm } from '$lib/forms/read-form';
import * as corrections from '$lib/server/corrections/corrections';
import { longestWords, open, standing } from '$lib/server/corrections/opening';
import { nameOf } from '../names';
import { contest, notTaken } from '../contest';

const asked = (url: URL) => ({
	field: url.searchParams.get('field') ?? '',
	record: url.searchParams.get('record')
});

export const load = async ({ locals: { ctx, person, translation }, url }) => {
	const { field, record } = asked(url);
	const about = corrections.fieldOf(ctx, person.role, field);
	const stands = about && (await standing(ctx, person, { field, record }));
	if (stands && 'refused' in stands) error(503, { message: stands.refused, code: stands.refused });
	if (!about || !stands) error(404, { message: 'not-found', code: 'not-found' });
	return {
		name: nameOf(ctx, translation, person.role, field),
		field: about.field,
		category: about.category.id,
		isRecord: record !== null,
		held: stands.held,
		already: stands.id,
		longestWords
	};
};

export const actions = {
	default: async ({ request, url, locals: { ctx, person } }) => {
		const form = await readForm(request, contest);
		if (form.problems) return fail(400, form);
		const outcome = await open(ctx, person, { ...asked(url), ...form.values });
		const refusal = notTaken(outcome, form.values);
		if (refusal) return refusal;

		redirect(303, `/corrections/${(outcome as { id: string }).id}?done=opened`);
	}
};

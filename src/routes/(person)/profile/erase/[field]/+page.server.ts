import { error, fail, redirect } from '@sveltejs/kit';
import * as profile from '$lib/server/profile/profile';

export const load = async ({ locals: { ctx, person }, params }) => {
	const described = profile.profileFields(ctx, person.role).get(params.field);
	if (!described) error(404, { message: 'not-found', code: 'not-found' });
	const { category, field } = described;
	const values = await profile.values(ctx, person);
	return {
		category: category.id,
		field,
		held: values.get(field.id),
		erasable: !field.required && profile.isEditableHere(field)
	};
};

export const actions = {
	default: async ({ locals: { ctx, person }, params }) => {
		const outcome = await profile.eraseField(ctx, person, params.field);
		if ('refused' in outcome) return fail(409, outcome);

		redirect(303, '/profile?done=erased');
	}
};

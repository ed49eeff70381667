import { fail, redirect } from '@sveltejs/kit';
import * as purposes from '$lib/server/objections/purposes';
import { choosePurpose } from '../../choose-purpose';

export const load = async ({ locals: { ctx, person }, url }) => {
	const answers = [...(await purposes.answers(ctx, person)).values()];
	return {
		yours: answers
			.filter(({ purpose }) => purpose.refusable)
			.map((answer) => ({
				answer,
				byPartner: purposes.isByPartner(ctx.organisation, answer.purpose)
			})),
		others: answers.filter(({ purpose }) => !purpose.refusable),
		done: url.searchParams.get('done')
	};
};

export const actions = {
	default: async ({ request, locals: { ctx, person } }) => {
		const outcome = await choosePurpose(ctx, person, request);
		if ('refused' in outcome) return fail(409, outcome);

		redirect(303, `/purposes?done=${outcome.done}#${outcome.purpose}`);
	}
};

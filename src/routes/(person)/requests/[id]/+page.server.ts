import { error, fail, redirect } from '@sveltejs/kit';
import { z } from 'zod';
import { readForm } from '$lib/forms/read-form';
import * as requests from '$lib/server/requests/requests';
import { titleOf } from '../subjects';

const idPattern = /^[0-9a-f-]{36}$/;
const message = z.object({ text: z.string() });

export const load = async ({ locals, params, url }) => {
	const asked = url.searchParams.get('after') ?? '';
	const after = idPattern.test(asked) ? asked : undefined;
	const found = idPattern.test(params.id)
		? await requests.find(locals.ctx, locals.person.id, params.id, after)
		: undefined;
	if (!found) error(404, { message: 'not-found', code: 'not-found' });
	return {
		...found,
		keptUntil: found.request.closedAt && requests.keptUntil(found.request.closedAt),
		heading: titleOf(locals, found.request),
		paged: after !== undefined,
		answerDays: locals.ctx.organisation.requests.answerDays,
		longestText: requests.longestText,
		done: url.searchParams.get('done')
	};
};

export const actions = {
	write: async ({ request, locals: { ctx, person }, params }) => {
		const form = await readForm(request, message);
		if (form.problems) return fail(400, form);
		const { text } = form.values;
		const outcome = await requests.addMessage(ctx, person.id, { requestId: params.id, text });
		if ('problems' in outcome) return fail(400, { problems: outcome.problems, typed: { text } });
		if ('refused' in outcome) return fail(409, { ...outcome, typed: { text } });

		redirect(303, `/requests/${params.id}?done=sent`);
	},
	close: async ({ locals: { ctx, person }, params }) => {
		const outcome = await requests.close(ctx, person.id, params.id);
		if ('refused' in outcome) return fail(404, outcome);

		redirect(303, `/requests/${params.id}?done=closed`);
	}
};

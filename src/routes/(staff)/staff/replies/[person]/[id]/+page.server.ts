import { error, fail, redirect } from '@sveltejs/kit';
import { z } from 'zod';
import { readForm } from '$lib/forms/read-form';
import * as replies from '$lib/server/replies/replies';
import { staffOf } from '../../../../../staff-cookie';

const decision = z.object({ decision: z.enum(replies.decisions), reason: z.string() });
const statuses = { 'not-permitted': 403, 'look-refused': 403, 'reply-unknown': 404 } as const;

export const load = async ({ locals, params, url }) => {
	const seen = await replies.see(locals.ctx, staffOf(locals).member, params.person, params.id);
	if ('refused' in seen) error(statuses[seen.refused], { message: seen.refused, code: seen.refused });
	const { person, reply } = seen;
	return {
		number: person.externalId,
		language: person.language,
		reply,
		longestReason: replies.longestReason,
		done: url.searchParams.get('done') === 'decided'
	};
};

export const actions = {
	default: async ({ request, locals, params }) => {
		const form = await readForm(request, decision);
		if (form.problems) return fail(400, form);
		const typed = form.values;
		const deciding = { personId: params.person, id: params.id, ...typed };
		const outcome = await replies.decide(locals.ctx, staffOf(locals).member, deciding);
		if ('problems' in outcome) return fail(400, { problems: outcome.problems, typed });
		if ('refused' in outcome)
			return fail(outcome.refused === 'not-permitted' ? 403 : 409, { ...outcome, typed });

		redirect(303, `/staff/replies/${params.person}/${params.id}?done=decided`);
	}
};

// Accepting or objecting to a version: the same form on the current page and on each version's own.
import { fail, redirect, type RequestEvent } from '@sveltejs/kit';
import { z } from 'zod';
import { readForm } from '$lib/forms/read-form';
import * as policies from '$lib/server/policies/policies';

const answer = z.object({ version: z.string().max(40), answer: z.enum(['accepted', 'objected']) });

export async function answerPolicy({ request, locals }: Pick<RequestEvent, 'request' | 'locals'>) {
	if (!locals.visitor) redirect(303, '/sign-in?next=/policy');
	const form = await readForm(request, answer);
	if (form.problems) return fail(400, form);
	const { version } = form.values;
	const outcome = await policies.answer(
		locals.ctx,
		locals.visitor.id,
		version,
		form.values.answer,
		locals.translation.tag
	);
	if ('refused' in outcome) return fail(409, outcome);
	redirect(303, `/policy/${version}?done=${form.values.answer}`);
}

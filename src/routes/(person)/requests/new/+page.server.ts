import { fail, redirect } from '@sveltejs/kit';
import { z } from 'zod';
import { readForm } from '$lib/forms/read-form';
import * as requests from '$lib/server/requests/requests';
import { subjectsOf } from '../subjects';

const newRequest = z.object({
	kind: z.enum(requests.kinds as [requests.Kind, ...requests.Kind[]]),
	subject: z.string().max(100).optional(),
	text: z.string()
});

export const load = ({ locals, url }) => {
	const { ctx, person, translation } = locals;
	const kind = requests.kinds.find((known) => known === url.searchParams.get('kind'));
	const field = url.searchParams.get('field') ?? '';
	const record = url.searchParams.get('record') ?? '';
	return {
		kinds: requests.kinds,
		kind: kind ?? (field ? 'correction' : undefined),
		subjects: subjectsOf(locals),
		subject: requests.subjectOf(ctx, person.role, field) ? field : '',
		text: /^[A-Za-z0-9._~:-]{1,100}$/.test(record)
			? `${translation.t('requests:new.about-record', { id: record })}\n`
			: '',
		longestText: requests.longestText,
		dueAt: requests.dueFor(ctx, person, ctx.clock.now()).dueAt
	};
};

export const actions = {
	default: async ({ request, locals: { ctx, person } }) => {
		const form = await readForm(request, newRequest);
		if (form.problems) return fail(400, form);
		const { kind, subject, text } = form.values;
		const typed = { kind, subject: subject ?? '', text };
		const outcome = await requests.open(ctx, person, {
			kind,
			subject: kind === 'correction' ? subject : null,
			text
		});
		if ('problems' in outcome) return fail(400, { problems: outcome.problems, typed });
		if ('refused' in outcome)
			return fail(outcome.refused === 'too-many-tries' ? 429 : 400, { ...outcome, typed });

		redirect(303, `/requests/${outcome.id}?done=opened`);
	}
};

import { error, fail, redirect } from '@sveltejs/kit';
import { z } from 'zod';
import { readForm, readFormWithFiles } from '$lib/forms/read-form';
import { categoryOf } from '$lib/server/organisation/lookup';
import * as requests from '$lib/server/requests/requests';
import { authoritiesFor } from '../../../authorities';
import { titleOf } from '../subjects';

const idPattern = /^[0-9a-f-]{36}$/;
const message = z.object({ text: z.string() });

/** What went to whom for marketing of their own, by name. */
async function californiaOf(locals: App.Locals, { kind, receivedAt, state }: requests.Request) {
	if (kind !== 'california-disclosure' || state === 'waiting-for-proof') return undefined;
	const { ctx, person, translation } = locals;
	const { year, partners } = await requests.californiaDisclosure(ctx, person, receivedAt);
	const nameOf = (id: string) => translation.text(categoryOf(ctx.organisation, id)?.label) || id;
	return {
		year: String(year),
		partners: partners.map(({ partner, disclosures, categories }) => ({
			id: partner.id,
			name: partner.name,
			address: partner.address ?? translation.country(partner.country),
			disclosures,
			categories: translation.list(categories.map(nameOf))
		}))
	};
}

/** Who else can help: told where something was refused, or the answer is overdue. */
function bodiesFor(locals: App.Locals, { decision, isOverdue }: requests.Request) {
	const needed = isOverdue || decision === 'refused' || decision === 'partly';
	return needed ? authoritiesFor(locals, locals.person.country) : [];
}

export const load = async ({ locals, params, url }) => {
	const { ctx, person } = locals;
	const asked = url.searchParams.get('after') ?? '';
	const after = idPattern.test(asked) ? asked : undefined;
	if (idPattern.test(params.id)) await requests.settle(ctx, person.id);
	const found = idPattern.test(params.id) ? await requests.find(ctx, person.id, params.id, after) : undefined;
	if (!found) error(404, { message: 'not-found', code: 'not-found' });
	return {
		...found,
		keptUntil: found.request.closedAt && requests.keptUntil(found.request.closedAt),
		heading: titleOf(locals, found.request),
		paged: after !== undefined,
		answerDays: ctx.organisation.requests.answerDays,
		longestText: requests.longestText,
		limits: requests.attachmentLimits,
		bodies: bodiesFor(locals, found.request),
		california: await californiaOf(locals, found.request),
		done: url.searchParams.get('done')
	};
};

export const actions = {
	write: async ({ request, locals: { ctx, person }, params }) => {
		const form = await readFormWithFiles(request, message, 'files');
		if (form.problems) return fail(400, { problems: form.problems, typed: form.typed });
		const { text } = form.values;
		const outcome = await requests.addMessage(ctx, person.id, {
			requestId: params.id,
			text,
			files: form.files
		});
		if ('problems' in outcome) return fail(400, { problems: outcome.problems, typed: { text } });
		if ('refused' in outcome) return fail(409, { ...outcome, typed: { text } });

		redirect(303, `/requests/${params.id}?done=sent`);
	},
	close: async ({ locals: { ctx, person }, params }) => {
		const outcome = await requests.close(ctx, person.id, params.id);
		if ('refused' in outcome) return fail(404, outcome);

		redirect(303, `/requests/${params.id}?done=closed`);
	},
	confirm: async ({ locals: { ctx, person }, params }) => {
		const outcome = await requests.confirm(ctx, person.id, params.id);
		if ('refused' in outcome) return fail(404, outcome);

		redirect(303, `/requests/${params.id}?done=confirmed`);
	},
	disown: async ({ locals: { ctx, person }, params }) => {
		const outcome = await requests.disown(ctx, person.id, params.id, 'not-mine');
		if ('refused' in outcome) return fail(404, outcome);

		redirect(303, `/requests/${params.id}?done=disowned`);
	},
	appeal: async ({ request, locals: { ctx, person }, params }) => {
		const form = await readForm(request, message);
		if (form.problems) return fail(400, form);
		const { text } = form.values;
		const outcome = await requests.appeal(ctx, person, params.id, text);
		if ('problems' in outcome) return fail(400, { problems: outcome.problems, typed: { text } });
		if ('refused' in outcome) return fail(409, { ...outcome, typed: { text } });

		redirect(303, `/requests/${outcome.id}?done=opened`);
	}
};

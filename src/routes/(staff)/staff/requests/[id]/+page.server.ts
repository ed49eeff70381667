import { error, fail, redirect, type RequestEvent } from '@sveltejs/kit';
import { z } from 'zod';
import { readForm, readFormWithFiles } from '$lib/forms/read-form';
import { localDay } from '$lib/server/platform/clock';
import * as requests from '$lib/server/requests/requests';
import { may } from '$lib/server/staff/staff';
import { staffOf } from '../../../../staff-cookie';

const idPattern = /^[0-9a-f-]{36}$/;
const answer = z.object({ text: z.string() });
const decision = z.object({
	decision: z.enum(['granted', 'partly', 'refused']),
	ground: z.string().max(60).optional(),
	reasons: z.string()
});
const statuses: Record<string, number> = { 'not-permitted': 403, 'request-unknown': 404 };

type Outcome = { refused: string } | { problems: object } | object;
type Event = Pick<RequestEvent, 'locals' | 'request'> & { params: { id: string } };

/** Who acts, on which request of whom. */
async function workOn({ locals, params }: Event) {
	const personId = await requests.ownerOf(locals.ctx, params.id);
	if (!personId) error(404, { message: 'not-found', code: 'not-found' });
	return { member: staffOf(locals).member, which: { personId, requestId: params.id } };
}

const problemsUnder = (name: string, problems: Record<string, unknown>) =>
	Object.fromEntries(Object.entries(problems).map(([key, value]) => [key === 'text' ? name : key, value]));

/** Back to the page with a word of what was done, or the form again with what is in its way. */
function answered(outcome: Outcome, typed: Record<string, string>, done: string, name: string, id: string) {
	if ('problems' in outcome)
		return fail(400, { problems: problemsUnder(name, outcome.problems as Record<string, unknown>), typed });
	if ('refused' in outcome) return fail(statuses[outcome.refused] ?? 409, { ...outcome, typed });
	redirect(303, `/staff/requests/${id}?done=${done}`);
}

export const load = async ({ locals, params, url }) => {
	const { ctx } = locals;
	const { member } = staffOf(locals);
	const asked = url.searchParams.get('after') ?? '';
	const after = idPattern.test(asked) ? asked : undefined;
	const found = await requests.viewAs(ctx, member, params.id, after);
	if ('refused' in found)
		error(found.refused === 'not-permitted' ? 403 : 404, { message: 'not-found', code: 'not-found' });
	return {
		...found,
		keptUntil: found.request.closedAt && requests.keptUntil(found.request.closedAt),
		dueOn: localDay(new Date(found.request.dueAt), found.timeZone),
		receivedOn: localDay(new Date(found.request.receivedAt), found.timeZone),
		answerDays: ctx.organisation.requests.answerDays,
		grounds: requests.groundsFor(found.request.kind).map(({ id, source }) => ({ id, source })),
		mayDecide: may(member, 'decide-requests'),
		longestText: requests.longestText,
		limits: requests.attachmentLimits,
		paged: after !== undefined,
		done: url.searchParams.get('done')
	};
};

export const actions = {
	answer: async (event) => {
		const form = await readFormWithFiles(event.request, answer, 'files');
		if (form.problems) return fail(400, { problems: form.problems, typed: form.typed });
		const { member, which } = await workOn(event);
		const { text } = form.values;
		const outcome = await requests.answerAs(event.locals.ctx, member, which, { text, files: form.files });
		return answered(outcome, { text }, 'answered', 'text', event.params.id);
	},
	extend: async (event) => {
		const form = await readForm(event.request, z.object({ reason: z.string() }));
		if (form.problems) return fail(400, form);
		const { member, which } = await workOn(event);
		const { reason } = form.values;
		const outcome = await requests.extend(event.locals.ctx, member, which, reason);
		return answered(outcome, { reason }, 'extended', 'reason', event.params.id);
	},
	decide: async (event) => {
		const form = await readForm(event.request, decision);
		if (form.problems) return fail(400, form);
		const { member, which } = await workOn(event);
		const outcome = await requests.decide(event.locals.ctx, member, which, form.values);
		const { decision: chosen, ground = '', reasons } = form.values;
		return answered(outcome, { decision: chosen, ground, reasons }, 'decided', 'reasons', event.params.id);
	}
};

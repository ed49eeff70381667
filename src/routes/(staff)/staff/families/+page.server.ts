import { error, fail, redirect } from '@sveltejs/kit';
import { z } from 'zod';
import { readForm } from '$lib/forms/read-form';
import * as families from '$lib/server/families/families';
import { consentWayOf } from '$lib/server/organisation/lookup';
import { may } from '$lib/server/staff/staff';
import { staffOf } from '../../../staff-cookie';

const asking = z.object({ child: z.string().max(40) });

export const load = async ({ locals, url }) => {
	const { ctx, translation } = locals;
	if (!may(staffOf(locals).member, 'families'))
		error(403, { message: 'not-permitted', code: 'not-permitted' });
	const wayName = (way: string) => translation.text(consentWayOf(ctx.organisation, way)?.label) || way;
	const requests = await families.evidenceRequests(ctx);
	const open = new Set(requests.filter(({ state }) => state !== 'answered').map(({ childId }) => childId));
	const schools = await families.schoolConsents(ctx);
	const newest = [...new Map(schools.toReversed().map((one) => [one.personId, one])).values()].reverse();
	const done = url.searchParams.get('done');
	return {
		waiting: (await families.waitingConsents(ctx)).map((one) => ({ ...one, way: wayName(one.way) })),
		requests,
		schools: newest.map(({ personId, id, way, at, evidence }) => ({
			childId: personId,
			id,
			way: wayName(way),
			at,
			hasPaper: evidence !== null,
			asked: open.has(personId)
		})),
		reports: await families.reports(ctx),
		done: done && translation.has(`family:staff.done.${done}`) ? done : undefined
	};
};

export const actions = {
	evidence: async ({ request, locals }) => {
		const form = await readForm(request, asking);
		if (form.problems) return fail(400, form);
		const outcome = await families.askEvidence(locals.ctx, staffOf(locals).member, form.values.child);
		if ('refused' in outcome) return fail(outcome.refused === 'not-permitted' ? 403 : 409, outcome);
		redirect(303, '/staff/families?done=asked#evidence');
	}
};

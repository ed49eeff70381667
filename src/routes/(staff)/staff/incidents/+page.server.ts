import { error, fail, redirect } from '@sveltejs/kit';
import { readForm } from '$lib/forms/read-form';
import * as incidents from '$lib/server/incidents/incidents';
import { staffOf } from '../../../staff-cookie';
import { newIncident, recordForm, typedOf } from './form';

export const load = async ({ locals }) => {
	const { ctx, translation } = locals;
	const { text } = translation;
	const found = await incidents.list(ctx, staffOf(locals).member);
	if ('refused' in found) error(403, { message: found.refused, code: found.refused });
	const { categories, partners, roles } = ctx.organisation;
	const option = ({ id, label }: { id: string; label: Record<string, string> }) => ({
		value: id,
		label: text(label)
	});
	return {
		incidents: found.map((incident) => ({
			id: incident.id,
			what: text(incident.what) || Object.values(incident.what)[0] || '',
			isDrill: incident.isDrill,
			knownAt: incident.knownAt,
			people: incident.found,
			isFinding: incident.phase === 'finding',
			isAnnounced: incident.announcedAt !== null,
			clock: incidents.clockOf(ctx, incident)
		})),
		categories: categories.map(option),
		roles: roles.map(option),
		partners: partners.map(({ id, name }) => ({ value: id, label: name })),
		now: ctx.clock.now().toISOString().slice(0, 16)
	};
};

export const actions = {
	default: async ({ request, locals }) => {
		const form = await readForm(request, recordForm);
		if (form.problems) return fail(400, form);
		const { ctx, translation } = locals;
		const { member } = staffOf(locals);
		const given = newIncident(form.values, translation.tag);
		const acting = { ...ctx, actor: `staff:${member.id}` as const };
		const outcome = await incidents.recordAs(acting, member, given);
		if ('refused' in outcome)
			return fail(outcome.refused === 'not-permitted' ? 403 : 409, {
				refused: outcome.refused,
				typed: typedOf(form.values)
			});
		const { id, unknown } = outcome;
		redirect(303, `/staff/incidents/${id}?done=recorded&unknown=${unknown.length}`);
	}
};

import { error, fail, redirect } from '@sveltejs/kit';
import { z } from 'zod';
import { readForm } from '$lib/forms/read-form';
import * as sources from '$lib/server/sources/sources';
import { staffOf } from '../../../staff-cookie';
import { describeBeside } from './beside';

const off = z.object({ source: z.string().max(40), reason: z.string() });
const on = z.object({ source: z.string().max(40) });

export const load = async ({ locals, url }) => {
	const { ctx, translation } = locals;
	const standings = await sources.standings(ctx, staffOf(locals).member);
	if ('refused' in standings) error(403, { message: standings.refused, code: standings.refused });
	return {
		beside: await describeBeside(locals),
		sources: standings.map(({ source, categories, ...standing }) => ({
			id: source.id,
			kind: source.kind,
			label: translation.text(source.label),
			categories: categories.map(({ label }) => translation.text(label)),
			...standing,
			...(standing.foreign && {
				foreign: {
					...standing.foreign,
					category: translation.text(
						categories.find(({ id }) => id === standing.foreign?.category)?.label ?? {}
					)
				}
			})
		})),
		done: url.searchParams.get('done')
	};
};

export const actions = {
	off: async ({ request, locals }) => {
		const form = await readForm(request, off);
		if (form.problems) return fail(400, form);
		const outcome = await sources.switchOff(locals.ctx, staffOf(locals).member, form.values);
		const typed = form.values;
		if ('problems' in outcome) return fail(400, { problems: outcome.problems, typed });
		if ('refused' in outcome)
			return fail(outcome.refused === 'not-permitted' ? 403 : 409, { ...outcome, typed });
		redirect(303, '/staff/sources?done=off');
	},
	on: async ({ request, locals }) => {
		const form = await readForm(request, on);
		if (form.problems) return fail(400, form);
		const outcome = await sources.switchOn(locals.ctx, staffOf(locals).member, form.values.source);
		if ('refused' in outcome) return fail(outcome.refused === 'not-permitted' ? 403 : 409, outcome);
		redirect(303, '/staff/sources?done=on');
	}
};

import { error, fail, redirect } from '@sveltejs/kit';
import { z } from 'zod';
import { line, readForm } from '$lib/forms/read-form';
import * as controls from '$lib/server/controls/controls';
import { dayOf } from '$lib/server/platform/clock';
import { staffOf } from '../../../staff-cookie';

const shown = 10;

const entry = z.object({ control: line(64), doneOn: z.iso.date(), note: line(controls.longestNote) });

export const load = async ({ locals, url }) => {
	const { ctx, translation } = locals;
	const { member } = staffOf(locals);
	const standings = await controls.standings(ctx);
	const rows = [];
	for (const { control, doneOn, dueOn, isOverdue } of standings) {
		const history = await controls.history(ctx, member, { control: control.id, limit: shown });
		if ('refused' in history) error(403, { message: history.refused, code: history.refused });
		rows.push({ id: control.id, label: translation.text(control.label), doneOn, dueOn, isOverdue, history });
	}
	return { rows, today: dayOf(ctx.clock.now()), done: url.searchParams.get('done') === 'recorded' };
};

export const actions = {
	default: async ({ request, locals }) => {
		const form = await readForm(request, entry);
		if (form.problems) return fail(400, form);
		const outcome = await controls.record(locals.ctx, staffOf(locals).member, form.values);
		if ('refused' in outcome)
			return fail(outcome.refused === 'not-permitted' ? 403 : 409, { ...outcome, typed: form.values });
		redirect(303, '/staff/controls?done=recorded');
	}
};

import { error, fail, redirect } from '@sveltejs/kit';
import { z } from 'zod';
import { line, readForm } from '$lib/forms/read-form';
import * as families from '$lib/server/families/families';
import { roleOf } from '$lib/server/organisation/lookup';
import { staffOf } from '../../../../../staff-cookie';

const status = (refused: string): number => (refused === 'not-permitted' ? 403 : 409);

export const load = async ({ locals, params }) => {
	const found = await families.reportCase(locals.ctx, staffOf(locals).member, params.id);
	if ('refused' in found)
		error(found.refused === 'not-permitted' ? 403 : 404, { message: found.refused, code: found.refused });
	const role =
		found.child && locals.translation.text(roleOf(locals.ctx.organisation, found.child.role)?.label);
	return { case: found, role };
};

export const actions = {
	release: async ({ request, locals, params }) => {
		const form = await readForm(request, z.object({ reason: line(300) }));
		if (form.problems) return fail(400, form);
		const { member } = staffOf(locals);
		const outcome = await families.release(locals.ctx, member, params.id, form.values.reason);
		if ('refused' in outcome) return fail(status(outcome.refused), { ...outcome, typed: form.values });
		redirect(303, '/staff/families?done=released');
	},
	lock: async ({ request, locals, params }) => {
		const form = await readForm(request, z.object({ account: line(254) }));
		if (form.problems) return fail(400, form);
		const { member } = staffOf(locals);
		const outcome = await families.lockFor(locals.ctx, member, params.id, form.values.account);
		if ('refused' in outcome) return fail(status(outcome.refused), { ...outcome, typed: form.values });
		redirect(303, '/staff/families?done=locked');
	},
	close: async ({ locals, params }) => {
		const outcome = await families.close(locals.ctx, staffOf(locals).member, params.id);
		if ('refused' in outcome) return fail(status(outcome.refused), outcome);
		redirect(303, '/staff/families?done=closed');
	}
};

import { fail, redirect } from '@sveltejs/kit';
import { z } from 'zod';
import { line, readForm } from '$lib/forms/read-form';
import * as staff from '$lib/server/staff/staff';
import { staffOf } from '../../staff-cookie';

const wish = z.object({ identifier: line(254), reason: z.enum(staff.reasons), note: line(200) });

const statuses = { 'too-many-tries': 429, 'not-permitted': 403, 'nobody-found': 404 } as const;

export const load = ({ url }) => ({
	reasons: staff.reasons,
	done: url.searchParams.get('done') === 'password'
});

export const actions = {
	default: async ({ request, locals, setHeaders }) => {
		const form = await readForm(request, wish);
		if (form.problems) return fail(400, form);
		const outcome = await staff.search(locals.ctx, staffOf(locals).member, form.values);
		if ('refused' in outcome) {
			if ('waitSeconds' in outcome) setHeaders({ 'Retry-After': String(outcome.waitSeconds) });
			return fail(statuses[outcome.refused], { ...outcome, typed: form.values });
		}
		redirect(303, `/staff/people/${outcome.personId}`);
	}
};

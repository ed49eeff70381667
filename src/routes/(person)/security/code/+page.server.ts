import { fail } from '@sveltejs/kit';
import { z } from 'zod';
import { line, readForm } from '$lib/forms/read-form';
import * as supportLinks from '$lib/server/staff/support-links/support-links';
import { linkTarget } from '../../../link-target';

const answer = z.object({ code: line(40) });

export const actions = {
	default: async ({ request, locals }) => {
		const form = await readForm(request, answer);
		if (form.problems) return fail(400, form);
		const outcome = await supportLinks.confirm(locals.ctx, locals.person.id, form.values.code);
		if ('refused' in outcome) return fail(400, { refused: 'support-code-wrong' as const });
		return { confirmed: linkTarget(locals, outcome) };
	}
};

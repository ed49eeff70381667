import { fail, redirect } from '@sveltejs/kit';
import { z } from 'zod';
import { readForm } from '$lib/forms/read-form';
import { longestWords, open } from '$lib/server/corrections/opening';
import * as families from '$lib/server/families/families';
import { categoriesOf, fieldsOf } from '$lib/server/organisation/lookup';
import { guardedWard, nameOf } from '../../ward';

const contest = z.object({ field: z.string().max(120), wrong: z.string(), right: z.string().default('') });

export const load = async ({ locals, params }) => {
	const { ctx, translation } = locals;
	const { child } = await guardedWard(locals, params.child);
	const fields = categoriesOf(ctx.organisation, child.role)
		.filter(({ kind }) => kind === 'profile')
		.flatMap((category) =>
			fieldsOf(category, child.role).map(({ id, label }) => ({
				value: `${category.id}.${id}`,
				label: translation.text(label)
			}))
		);
	return { id: child.id, name: await nameOf(locals, child), fields, longestWords };
};

export const actions = {
	default: async ({ request, locals, params }) => {
		const { child } = await guardedWard(locals, params.child);
		const form = await readForm(request, contest);
		if (form.problems) return fail(400, form);
		const { field, wrong, right } = form.values;
		const typed = { field, wrong, right };
		const outcome = await open(locals.ctx, child, { field, wrong, right });
		if ('problems' in outcome) return fail(400, { problems: outcome.problems, typed });
		if ('refused' in outcome) return fail('waitSeconds' in outcome ? 429 : 409, { ...outcome, typed });
		await families.noteActed(locals.ctx, locals.person.id, 'correction', child.role);
		redirect(303, `/family/${child.id}?done=correction`);
	}
};

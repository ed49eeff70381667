import { error, fail, redirect } from '@sveltejs/kit';
import { z } from 'zod';
import { readForm } from '$lib/forms/read-form';
import { decide, decisions, see } from '$lib/server/corrections/decisions';
import { sourceOf } from '$lib/server/organisation/lookup';
import * as sources from '$lib/server/sources/sources';
import { staffOf } from '../../../../../staff-cookie';
import { toldOf } from '../../../../../(person)/corrections/names';
import { labelOf } from '../../label';

const decision = z.object({
	decision: z.enum(decisions),
	value: z.string().default(''),
	reason: z.string()
});

const statuses = { 'not-permitted': 403, 'look-refused': 403, 'correction-unknown': 404 } as const;

type Seen = Extract<Awaited<ReturnType<typeof see>>, { correction: unknown }>;

/** The system in which it lies, where the portal can't change it there. */
function fixedIn({ ctx, translation }: App.Locals, about: Seen['about']): string | undefined {
	const source = about && sourceOf(ctx.organisation, about.category.id);
	if (!source || sources.canEdit(ctx, about.category.id, about.field.id)) return undefined;
	return translation.text(source.label);
}

export const load = async ({ locals, params, url }) => {
	const seen = await see(locals.ctx, staffOf(locals).member, params.person, params.id);
	if ('refused' in seen) error(statuses[seen.refused], { message: seen.refused, code: seen.refused });
	const { person, correction, about } = seen;
	return {
		number: person.externalId,
		correction,
		told: toldOf(locals.ctx, correction),
		field: about?.field,
		fixedIn: fixedIn(locals, about),
		name: labelOf(locals, correction.field),
		decisions: decisions.filter((code) => code !== 'erased' || !about?.field.required),
		done: url.searchParams.get('done') === 'decided'
	};
};

export const actions = {
	default: async ({ request, locals, params }) => {
		const form = await readForm(request, decision);
		if (form.problems) return fail(400, form);
		const { member } = staffOf(locals);
		const outcome = await decide(locals.ctx, member, {
			personId: params.person,
			id: params.id,
			...form.values
		});
		const typed = form.values;
		if ('problems' in outcome) return fail(400, { problems: outcome.problems, typed });
		if ('refused' in outcome)
			return fail(outcome.refused === 'not-permitted' ? 403 : 409, { ...outcome, typed });

		redirect(303, `/staff/corrections/${params.person}/${params.id}?done=decided`);
	}
};

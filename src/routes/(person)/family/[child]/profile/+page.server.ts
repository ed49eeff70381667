import { fail, redirect } from '@sveltejs/kit';
import { z } from 'zod';
import { readForm } from '$lib/forms/read-form';
import * as families from '$lib/server/families/families';
import * as profile from '$lib/server/profile/profile';
import { guardedWard, nameOf } from '../../ward';

const seenPrefix = 'seen.';
const anyFields = z.record(z.string().max(60), z.string());

export const load = async ({ locals, params }) => {
	const { child } = await guardedWard(locals, params.child);
	const fields = [...profile.profileFields(locals.ctx, child.role).values()];
	return {
		id: child.id,
		name: await nameOf(locals, child),
		values: await profile.values(locals.ctx, child),
		fields: fields.map(({ field }) => field).filter(profile.isEditableHere)
	};
};

export const actions = {
	default: async ({ request, locals, params }) => {
		const { child } = await guardedWard(locals, params.child);
		const form = await readForm(request, anyFields);
		if (form.problems) return fail(400, form);
		const entries = Object.entries(form.values);
		const given = Object.fromEntries(entries.filter(([name]) => !name.startsWith(seenPrefix)));
		const seen = Object.fromEntries(
			entries
				.filter(([name]) => name.startsWith(seenPrefix))
				.map(([name, at]) => [name.slice(seenPrefix.length), at])
		);
		const outcome = await profile.edit(locals.ctx, child, { given, seen });
		if ('problems' in outcome) return fail(400, { problems: outcome.problems, typed: given });
		if ('refused' in outcome) return fail(409, { refused: outcome.refused, typed: given });
		if (outcome.changed.length) await families.noteActed(locals.ctx, locals.person.id, 'profile', child.role);
		redirect(303, `/family/${child.id}?done=${outcome.changed.length ? 'edited' : 'unchanged'}`);
	}
};

import { fail, redirect } from '@sveltejs/kit';
import { z } from 'zod';
import { readForm } from '$lib/forms/read-form';
import * as corrections from '$lib/server/corrections/corrections';
import type { Context } from '$lib/server/context';
import * as profile from '$lib/server/profile/profile';
import * as visibility from '$lib/server/visibility/visibility';

const seenPrefix = 'seen.';

/** Fields are named by their id; `seen.<id>` says which version of the value the person had before their eyes. */
const anyFields = z.record(z.string().max(60), z.string());

const viewersOf = async (ctx: Context, person: { id: string; role: string }) =>
	new Map([...(await visibility.of(ctx, person))].map(([code, { viewers }]) => [code, viewers]));

export const load = async ({ locals: { ctx, person }, url }) => {
	const fields = [...profile.profileFields(ctx, person.role).values()];
	const categories = [...new Set(fields.map(({ category }) => category))];
	const { values, unanswered } = await profile.shown(ctx, person);
	return {
		values,
		unanswered: [...unanswered],
		contested: await corrections.restricted(ctx, person.id),
		viewers: await viewersOf(ctx, person),
		categories: categories.map((category) => {
			const own = fields.filter((field) => field.category === category).map(({ field }) => field);
			return {
				category,
				editable: own.filter(profile.isEditableHere),
				fixed: own.filter((field) => !profile.isEditableHere(field))
			};
		}),
		done: url.searchParams.get('done')
	};
};

export const actions = {
	default: async ({ request, locals: { ctx, person } }) => {
		const form = await readForm(request, anyFields);
		if (form.problems) return fail(400, form);
		const entries = Object.entries(form.values);
		const given = Object.fromEntries(entries.filter(([name]) => !name.startsWith(seenPrefix)));
		const seen = Object.fromEntries(
			entries
				.filter(([name]) => name.startsWith(seenPrefix))
				.map(([name, at]) => [name.slice(seenPrefix.length), at])
		);

		const outcome = await profile.edit(ctx, person, { given, seen });
		if ('problems' in outcome) return fail(400, { problems: outcome.problems, typed: given });
		if ('refused' in outcome && outcome.refused === 'changed-meanwhile')
			return fail(409, { conflicts: outcome.fields, typed: given });
		if ('refused' in outcome) return fail(503, { refused: outcome.refused, typed: given });

		redirect(303, `/profile?done=${outcome.changed.length ? 'saved' : 'unchanged'}`);
	}
};

import { fail, redirect } from '@sveltejs/kit';
import { z } from 'zod';
import { readForm } from '$lib/forms/read-form';
import * as exports from '$lib/server/exports/exports';
import { amountOf } from '../../amount';
import { holding } from '../../holdings';
import { requireProof } from '../../step-up';
import { countValues } from '../data/categories';

const one = z.string().max(60);
const order = z.object({
	category: z.union([one, z.array(one).max(200)]).default([]),
	'volume-size': z.string().max(20).optional()
});

/** Categories as the description orders them, then what the portal itself keeps. */
function inOrder<Choice extends { category: string }>(
	{ organisation }: App.Locals['ctx'],
	choices: Choice[]
): Choice[] {
	const ids = organisation.categories.map(({ id }) => id);
	const place = ({ category }: Choice) => (ids.includes(category) ? ids.indexOf(category) : ids.length);
	return choices.toSorted((a, b) => place(a) - place(b));
}

export const load = async ({ locals, url }) => {
	const { ctx, person, translation } = locals;
	const [counted, made, values] = await Promise.all([
		exports.choices(ctx, person.id),
		exports.list(ctx, person.id),
		countValues(locals)
	]);
	const choices = inOrder(ctx, counted);
	const wanted = url.searchParams.getAll('category');
	const building = made.some(({ state }) => state === 'building');
	const done = url.searchParams.get('done');
	return {
		choices: choices.map(({ category, records }) => {
			const { label, icon } = holding(locals, category);
			const kind = values.has(category) ? 'profile' : 'records';
			return {
				value: category,
				label,
				icon,
				hint: amountOf(translation, kind, values.get(category) ?? records)
			};
		}),
		chosen: wanted.length ? wanted : choices.map(({ category }) => category),
		building,
		exports: made.map((row) => ({
			...row,
			labels: row.categories.map((category) => holding(locals, category).label),
			name: exports.fileName(ctx, row)
		})),
		// The page refreshes itself: once the file is there, nothing is being made any more.
		done: done === 'building' && !building ? null : done
	};
};

export const actions = {
	default: async (event) => {
		const { locals } = event;
		const form = await readForm(event.request, order);
		if (form.problems) return fail(400, form);
		const categories = [form.values.category].flat();
		if (categories.length === 0)
			return fail(400, { problems: { category: { code: 'choose-one' } }, typed: {} });
		// After the proof the person is back with the same boxes ticked.
		for (const category of categories) event.url.searchParams.append('category', category);
		await requireProof(event);

		const choice = { categories, language: locals.translation.tag, sessionId: locals.session.id };
		const outcome = await exports.order(locals.ctx, locals.person, choice);
		if ('refused' in outcome) return fail(outcome.refused === 'too-many-exports' ? 429 : 400, outcome);
		redirect(303, outcome.state === 'ready' ? `/export/${outcome.id}` : '/export?done=building');
	}
};

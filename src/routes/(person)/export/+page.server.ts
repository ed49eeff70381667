import { fail, redirect } from '@sveltejs/kit';
import { readForm } from '$lib/forms/read-form';
import * as exports from '$lib/server/exports/exports';
import { amountOf } from '../../amount';
import { holding } from '../../holdings';
import { requireProof } from '../../step-up';
import { countValues } from '../data/categories';
import { bytesOf, chosenIn, keepChosen, orderForm, volumeSizes } from './chosen';
import { madeOf } from './made';

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
	const given = chosenIn(url.searchParams);
	const categories = wanted.length ? wanted : choices.map(({ category }) => category);
	const volumeBytes = bytesOf(given['volume-size']);
	const estimate = await exports.estimate(ctx, person.id, { categories, volumeBytes, held: counted });
	const building = made.some(({ state }) => state === 'building');
	const done = url.searchParams.get('done');
	return {
		choices: choices.map(({ category, records, unanswered }) => {
			const { label, icon } = holding(locals, category);
			const kind = values.has(category) ? 'profile' : 'records';
			const hint = unanswered
				? translation.t('export:unanswered')
				: amountOf(translation, kind, values.get(category) ?? records);
			return { value: category, label, icon, hint };
		}),
		chosen: categories,
		given,
		sizes: volumeSizes,
		estimate: {
			...estimate,
			unanswered: estimate.unanswered.map((category) => holding(locals, category).label)
		},
		building,
		exports: made.map((row) => madeOf(locals, row, made)),
		// The page refreshes itself: once the file is there, nothing is being made any more.
		done: done === 'building' && !building ? null : done
	};
};

const after = (outcome: { id: string; state: string }): string => {
	if (outcome.state === 'ready') return `/export/${outcome.id}`;
	return outcome.state === 'building' ? '/export?done=building' : '/export';
};

export const actions = {
	default: async (event) => {
		const { locals } = event;
		const { ctx, person, session, translation } = locals;
		const form = await readForm(event.request, orderForm);
		if (form.problems) return fail(400, form);
		const { intent, export: id, category, since, until, 'volume-size': volumeSize } = form.values;
		if (intent === 'cancel') {
			const outcome = await exports.cancel(ctx, person.id, id);
			if ('refused' in outcome) return fail(409, outcome);
			redirect(303, '/export?done=cancelled');
		}
		if (intent === 'top-up') {
			await requireProof(event);
			const outcome = await exports.topUp(ctx, person, { id, sessionId: session.id });
			if ('refused' in outcome) return fail(409, outcome);
			redirect(303, after(outcome));
		}
		const categories = [category].flat();
		if (categories.length === 0)
			return fail(400, { problems: { category: { code: 'choose-one' } }, typed: {} });
		// After the proof the person is back with the same things chosen.
		keepChosen(event.url.searchParams, { categories, since, until, 'volume-size': volumeSize });
		await requireProof(event);

		const span = { since: since || undefined, until: until || undefined };
		const choice = { categories, language: translation.tag, sessionId: session.id, ...span };
		const outcome = await exports.order(ctx, person, { ...choice, volumeBytes: bytesOf(volumeSize) });
		if ('refused' in outcome) return fail(outcome.refused === 'too-many-exports' ? 429 : 400, outcome);
		redirect(303, after(outcome));
	}
};

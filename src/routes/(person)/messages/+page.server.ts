import { fail, redirect } from '@sveltejs/kit';
import { readForm } from '$lib/forms/read-form';
import * as preferences from '$lib/server/preferences/preferences';
import { answerAsked } from './asked';
import { askedLine, changesOf, nameOf, schemaOf, shownOf, stopWords, wordsOf } from './choices';

const pageSize = 20;
const idPattern = /^[0-9a-f-]{36}$/;

export const load = async ({ locals: { ctx, person, translation }, url }) => {
	const older = url.searchParams.get('before') ?? '';
	const before = idPattern.test(older) ? older : undefined;
	const rows = await preferences.grid(ctx, person);
	const history = await preferences.history(ctx, person.id, before, pageSize + 1);
	const asked = await preferences.askedOf(ctx, person);
	return {
		rows,
		channels: Object.fromEntries(ctx.organisation.channels.map(({ id, label }) => [id, label])),
		topics: Object.fromEntries(ctx.organisation.topics.map(({ id, label }) => [id, label])),
		shown: shownOf(rows),
		asked: asked && {
			shown: asked.yeses.map(({ channel, topic }) => nameOf(channel, topic)).join(' '),
			lines: asked.yeses.map(askedLine(translation, ctx.organisation)),
			because: asked.because,
			until: asked.until,
			silence: asked.silence
		},
		blocks: await preferences.obstaclesOf(ctx, person.id),
		situation: preferences.situationOf(person)?.because,
		history: history.slice(0, pageSize),
		older: history.length > pageSize ? history[pageSize - 1]?.id : undefined,
		paged: before !== undefined,
		undoable: before ? await preferences.undoable(ctx, person.id) : preferences.undoableOf(ctx, history[0]),
		done: url.searchParams.get('done')
	};
};

export const actions = {
	default: async ({ request, locals: { ctx, person, translation } }) => {
		const rows = await preferences.grid(ctx, person);
		const form = await readForm(request, schemaOf(rows));
		if (form.problems) return fail(400, form);
		const { intent, change = '', shown = '' } = form.values;

		if (intent === 'undo') {
			const outcome = await preferences.undo(ctx, person, change);
			if ('refused' in outcome) return fail(409, outcome);
			redirect(303, '/messages?done=undone');
		}
		if (intent === 'confirm' || intent === 'end') {
			const outcome = await answerAsked(ctx, person, translation, { intent, shown });
			if ('refused' in outcome) return fail(409, outcome);
			const done = intent === 'confirm' ? 'confirmed' : 'ended';
			redirect(303, `/messages?done=${outcome.changed ? done : 'unchanged'}`);
		}
		if (intent === 'stop') {
			const { changed } = await preferences.stopAllMarketing(ctx, person, 'page', stopWords(translation));
			redirect(303, `/messages?done=${changed ? 'stopped' : 'unchanged'}`);
		}
		const outcome = await preferences.set(ctx, person, changesOf(rows, form.values), {
			origin: 'page',
			words: wordsOf(rows, translation, ctx.organisation)
		});
		if ('refused' in outcome) return fail(409, outcome);
		redirect(303, `/messages?done=${outcome.changed ? 'saved' : 'unchanged'}`);
	}
};

import { factsOf } from '$lib/server/promises/promises';
import { factTexts } from './facts';

export const load = async ({ locals }) => {
	const { ctx, translation } = locals;
	const promises = ctx.organisation.promises.map(async ({ id, text, page, planned, evidence }) => ({
		id,
		text: translation.text(text),
		page,
		planned,
		facts: evidence && !planned ? factTexts(translation, await factsOf(ctx, evidence)) : []
	}));
	return { promises: await Promise.all(promises) };
};

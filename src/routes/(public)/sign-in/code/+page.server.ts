import { fail, redirect } from '@sveltejs/kit';
import { z } from 'zod';
import { line, readForm } from '$lib/forms/read-form';
import { messageSignIn } from '$lib/server/accounts/accounts';
import { askAddress, entered, flow, nextOf, visitOf } from '../entering';

const answer = z.object({ code: line(40) });

export const load = (event) => {
	const next = nextOf(event);
	if (event.locals.visitor) redirect(303, next);
	if (!messageSignIn.isWaiting(event.locals.ctx, flow.of(event))) redirect(303, askAddress(next));
	return { again: askAddress(next) };
};

export const actions = {
	default: async (event) => {
		const form = await readForm(event.request, answer);
		if (form.problems) return fail(400, form);
		const { ctx } = event.locals;
		return entered(event, await messageSignIn.byCode(ctx, flow.of(event), form.values.code, visitOf(event)));
	}
};

import { fail, redirect } from '@sveltejs/kit';
import { z } from 'zod';
import { line, readForm } from '$lib/forms/read-form';
import { messageSignIn } from '$lib/server/accounts/accounts';
import { askAddress, entered, flow, nextOf, visitOf } from '../../entering';

const answer = z.object({ code: line(40) });

/** Looks sign nobody in and use nothing up: mail scanners open every link. */
export const load = async (event) => {
	const { locals, params, setHeaders } = event;
	setHeaders({ 'X-Robots-Tag': 'noindex' });
	const next = nextOf(event);
	if (locals.visitor) redirect(303, next);
	return {
		standing: await messageSignIn.standingOf(locals.ctx, params.token, flow.of(event)),
		again: askAddress(next)
	};
};

export const actions = {
	default: async (event) => {
		const { ctx } = event.locals;
		const { token } = event.params;
		const asked = flow.of(event);
		let typed = '';
		if ((await messageSignIn.standingOf(ctx, token, asked)) === 'elsewhere') {
			const form = await readForm(event.request, answer);
			if (form.problems) return fail(400, form);
			typed = form.values.code;
		}
		return entered(event, await messageSignIn.byLink(ctx, token, { flow: asked, typed }, visitOf(event)));
	}
};

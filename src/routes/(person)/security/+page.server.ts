import { fail, redirect } from '@sveltejs/kit';
import { z } from 'zod';
import { readForm } from '$lib/forms/read-form';
import * as accounts from '$lib/server/accounts/accounts';
import * as sessions from '$lib/server/accounts/sessions';
import * as preferences from '$lib/server/preferences/preferences';
import * as replies from '$lib/server/replies/replies';

const chosenSession = z.object({ session: z.string().min(1).max(100) });

const chosenChannel = z.object({ channel: z.enum(['email', 'sms']) });

export const load = async ({ locals, url }) => {
	const { ctx, person, session } = locals;
	const identifiers = await accounts.identifiersOf(ctx, person.id);
	const listed = await sessions.list(ctx, person.id, session.id);
	return {
		done: url.searchParams.get('done'),
		blocks: (await preferences.blocksOf(ctx, person.id)).filter(replies.isLiftable),
		way: await accounts.stepUp.wayOf(ctx, person.id),
		methods: accounts.identifierChanges.kindsFor(ctx).map((kind) => ({
			kind,
			identifier: identifiers.find((identifier) => identifier.kind === kind)
		})),
		sessions: listed
			.map(({ userAgent, ...rest }) => ({ ...rest, device: accounts.nameOfDevice(userAgent) }))
			.sort((a, b) => Number(b.current) - Number(a.current))
	};
};

export const actions = {
	end: async ({ request, locals }) => {
		const form = await readForm(request, chosenSession);
		if (form.problems) return fail(400, form);
		const outcome = await accounts.endSession(locals.ctx, locals.person.id, form.values.session);
		if ('refused' in outcome) return fail(409, outcome);
		redirect(303, '/security?done=session-ended');
	},
	again: async ({ request, locals }) => {
		const form = await readForm(request, chosenChannel);
		if (form.problems) return fail(400, form);
		const outcome = await replies.writeAgain(locals.ctx, locals.person.id, form.values.channel);
		if ('refused' in outcome) return fail(409, outcome);
		redirect(303, outcome.lifted ? '/security?done=writing-again' : '/security');
	},
	others: async ({ locals }) => {
		await accounts.endOtherSessions(locals.ctx, locals.person.id, locals.session.id);
		redirect(303, '/security?done=others-ended');
	}
};

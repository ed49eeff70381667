import { fail, redirect } from '@sveltejs/kit';
import { z } from 'zod';
import { readForm } from '$lib/forms/read-form';
import * as accounts from '$lib/server/accounts/accounts';
import * as sessions from '$lib/server/accounts/sessions';
import * as preferences from '$lib/server/preferences/preferences';
import * as replies from '$lib/server/replies/replies';

const chosenSession = z.object({ session: z.string().min(1).max(100) });

/** What the person can end by a click; a carrier's block ends where it was set. */
const isLifted = ({ channel, because }: preferences.Block): boolean =>
	channel === 'email' && (because === 'bounced' || because === 'complained');

export const load = async ({ locals, url }) => {
	const { ctx, person, session } = locals;
	const identifiers = await accounts.identifiersOf(ctx, person.id);
	const listed = await sessions.list(ctx, person.id, session.id);
	return {
		done: url.searchParams.get('done'),
		block: (await preferences.blocksOf(ctx, person.id)).find(isLifted),
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
	again: async ({ locals }) => {
		const outcome = await replies.writeAgain(locals.ctx, locals.person.id);
		if ('refused' in outcome) return fail(409, outcome);
		redirect(303, outcome.lifted ? '/security?done=writing-again' : '/security');
	},
	others: async ({ locals }) => {
		await accounts.endOtherSessions(locals.ctx, locals.person.id, locals.session.id);
		redirect(303, '/security?done=others-ended');
	}
};

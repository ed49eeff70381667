import { fail, redirect, type RequestEvent } from '@sveltejs/kit';
import { z } from 'zod';
import { line, readForm } from '$lib/forms/read-form';
import { stepUp } from '$lib/server/accounts/accounts';
import { isProved } from '$lib/server/accounts/sessions';
import { ownPath } from '../../../own-path';
import { setSessionCookie } from '../../../session-cookie';

const password = z.object({ password: z.string().min(1).max(1_000) });
const code = z.object({ code: line(40) });

/** What the proof is for: a code of ours, or a proof for everything. */
const actionOf = (url: URL): string | undefined =>
	/^[a-z][a-z0-9:-]{0,79}$/.exec(url.searchParams.get('action') ?? '')?.[0];
const nextOf = (url: URL): string => ownPath(url.searchParams.get('next') ?? '/security');
const proverOf = ({ person, session }: App.Locals) => ({ personId: person.id, sessionId: session.id });

export const load = async ({ locals, url }) => {
	const action = actionOf(url);
	if (!action && isProved(locals.ctx, locals.session)) redirect(303, nextOf(url));
	return {
		action,
		next: nextOf(url),
		way: await stepUp.wayOf(locals.ctx, locals.person.id),
		sent: url.searchParams.get('done') === 'sent'
	};
};

type Outcome =
	Awaited<ReturnType<typeof stepUp.proveByPassword>> | Awaited<ReturnType<typeof stepUp.proveByCode>>;

/** Proved: the session goes on under its new id. `session-ended`: another tab was quicker, and its cookie serves here. */
function answer(event: RequestEvent, outcome: Outcome) {
	if ('secretId' in outcome) setSessionCookie(event, outcome.secretId);
	else if (outcome.refused !== 'session-ended') return refuse(event, outcome);
	redirect(303, nextOf(event.url));
}

function refuse({ setHeaders }: RequestEvent, outcome: { refused: string; waitSeconds?: number }) {
	if (outcome.waitSeconds === undefined) return fail(400, outcome);
	setHeaders({ 'Retry-After': String(outcome.waitSeconds) });
	return fail(429, outcome);
}

export const actions = {
	password: async (event) => {
		const { request, locals, url } = event;
		const form = await readForm(request, password);
		if (form.problems) return fail(400, form);
		return answer(
			event,
			await stepUp.proveByPassword(locals.ctx, proverOf(locals), form.values.password, actionOf(url))
		);
	},
	send: async (event) => {
		const { locals, url } = event;
		const outcome = await stepUp.sendCode(locals.ctx, locals.person.id);
		if ('refused' in outcome) return refuse(event, outcome);
		const action = actionOf(url);
		redirect(
			303,
			`/security/prove?${new URLSearchParams({ next: nextOf(url), ...(action && { action }), done: 'sent' })}`
		);
	},
	code: async (event) => {
		const { request, locals, url } = event;
		const form = await readForm(request, code);
		if (form.problems) return fail(400, form);
		return answer(
			event,
			await stepUp.proveByCode(locals.ctx, proverOf(locals), form.values.code, actionOf(url))
		);
	}
};

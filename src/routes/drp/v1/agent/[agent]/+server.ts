import * as drp from '$lib/server/drp/drp';
import { answer, asAgent, bodyOf, forbidden, notAllowed, open } from '../../answers';
import type { RequestEvent } from './$types';

export const trailingSlash = 'ignore';

/** Pairing: a token for whoever holds the key of the directory. */
export const POST = open<RequestEvent>(async (event, ctx) => {
	const body = await bodyOf(event);
	const paired = typeof body === 'string' ? await drp.pair(ctx, event.params.agent, body) : undefined;
	return paired ? answer(paired) : forbidden();
});

export const GET = asAgent<RequestEvent>(async (event, _, agent) =>
	agent.id === event.params.agent ? answer({}) : forbidden()
);

export const fallback = notAllowed('GET', 'POST');

import * as drp from '$lib/server/drp/drp';
import { answer, asAgent, bodyOf, notAllowed, refused } from '../../answers';
import type { RequestEvent } from './$types';

export const trailingSlash = 'ignore';

export const GET = asAgent<RequestEvent>(async ({ params }, ctx, agent) => {
	const outcome = await drp.status(ctx, agent, params.id);
	return 'refused' in outcome ? refused(outcome.refused) : answer(outcome);
});

export const DELETE = asAgent<RequestEvent>(async (event, ctx, agent) => {
	const body = await bodyOf(event);
	if (typeof body !== 'string') return body;
	const outcome = await drp.revoke(ctx, agent, event.params.id, body);
	return 'refused' in outcome ? refused(outcome.refused) : answer(outcome);
});

export const fallback = notAllowed('GET', 'DELETE');

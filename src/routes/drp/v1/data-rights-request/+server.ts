import * as drp from '$lib/server/drp/drp';
import { answer, asAgent, bodyOf, notAllowed, refused } from '../answers';
import type { RequestEvent } from './$types';

export const trailingSlash = 'ignore';

export const POST = asAgent<RequestEvent>(async (event, ctx, agent) => {
	const body = await bodyOf(event);
	if (typeof body !== 'string') return body;
	const outcome = await drp.exercise(ctx, agent, body);
	return 'refused' in outcome ? refused(outcome.refused) : answer(outcome);
});

export const fallback = notAllowed('POST');

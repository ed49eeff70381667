import { error } from '@sveltejs/kit';
import * as requests from '$lib/server/requests/requests';
import { staffOf } from '../../../staff-cookie';

const states = ['open', 'waiting-for-proof', 'answered'] as const;

export const load = async ({ locals, url }) => {
	const { ctx } = locals;
	const asked = (name: string) => url.searchParams.get(name) ?? '';
	const state = states.find((known) => known === asked('state')) ?? 'open';
	const kind = requests.kinds.find((known) => known === asked('kind'));
	const from = asked('from') || undefined;
	const found = await requests.queue(ctx, staffOf(locals).member, { state, kind, from });
	if ('refused' in found) error(403, { message: found.refused, code: found.refused });
	return {
		...found,
		states,
		kinds: requests.kinds,
		state,
		kind,
		paged: from !== undefined,
		answerDays: ctx.organisation.requests.answerDays,
		mails: await requests.mailTally(ctx)
	};
};

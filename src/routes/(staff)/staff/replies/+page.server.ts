import { error } from '@sveltejs/kit';
import * as replies from '$lib/server/replies/replies';
import { staffOf } from '../../../staff-cookie';

const placeOf = (text: string | null) => {
	const [at, id] = text?.split('/') ?? [];
	return at && id ? { at, id } : undefined;
};

export const load = async ({ locals, url }) => {
	const after = placeOf(url.searchParams.get('after'));
	const found = await replies.queue(locals.ctx, staffOf(locals).member, after);
	if ('refused' in found) error(403, { message: found.refused, code: found.refused });
	const last = found.waiting.at(-1);
	return {
		waiting: found.waiting,
		tally: await replies.tally(locals.ctx),
		closeDays: locals.ctx.organisation.sms.support ? undefined : locals.ctx.organisation.sms.closeDays,
		paged: after !== undefined,
		next: found.more && last ? `${last.at}/${last.id}` : undefined
	};
};

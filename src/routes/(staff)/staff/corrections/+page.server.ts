import { error } from '@sveltejs/kit';
import { queue } from '$lib/server/corrections/decisions';
import { staffOf } from '../../../staff-cookie';
import { labelOf } from './label';

const placeOf = (text: string | null) => {
	const [openedAt, id] = text?.split('/') ?? [];
	return openedAt && id ? { openedAt, id } : undefined;
};

export const load = async ({ locals, url }) => {
	const after = placeOf(url.searchParams.get('after'));
	const found = await queue(locals.ctx, staffOf(locals).member, after);
	if ('refused' in found) error(403, { message: found.refused, code: found.refused });
	const last = found.waiting.at(-1);
	return {
		waiting: found.waiting.map((row) => ({ ...row, name: labelOf(locals, row.field) })),
		paged: after !== undefined,
		next: found.more && last ? `${last.openedAt}/${last.id}` : undefined
	};
};

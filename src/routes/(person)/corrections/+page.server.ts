import * as corrections from '$lib/server/corrections/corrections';
import { nameOf } from './names';

const pageSize = 30;

export const load = async ({ locals: { ctx, person, translation }, url }) => {
	const before = url.searchParams.get('before') ?? undefined;
	const found = await corrections.list(ctx, person.id, { before, limit: pageSize + 1 });
	const shown = found.slice(0, pageSize);
	return {
		corrections: shown.map((correction) => ({
			...correction,
			name: nameOf(ctx, translation, person.role, correction.field)
		})),
		paged: before !== undefined,
		older: found.length > pageSize ? shown.at(-1)?.id : undefined
	};
};

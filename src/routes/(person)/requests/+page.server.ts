import { redirect } from '@sveltejs/kit';
import * as requests from '$lib/server/requests/requests';
import { titleOf } from './subjects';

const pageSize = 20;
const idPattern = /^[0-9a-f-]{36}$/;

export const load = async ({ locals, url }) => {
	// Links of support and of promises name a kind: they mean a new request.
	if (url.searchParams.has('kind')) redirect(303, `/requests/new${url.search}`);
	const asked = url.searchParams.get('before') ?? '';
	const before = idPattern.test(asked) ? asked : undefined;
	await requests.settle(locals.ctx, locals.person.id);
	const found = await requests.list(locals.ctx, locals.person.id, { before, limit: pageSize + 1 });
	const shown = found.slice(0, pageSize);
	return {
		requests: shown.map((request) => ({ ...request, title: titleOf(locals, request) })),
		older: found.length > pageSize ? shown.at(-1)?.id : undefined,
		paged: before !== undefined
	};
};

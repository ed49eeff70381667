import { error, redirect } from '@sveltejs/kit';
import * as policies from '$lib/server/policies/policies';

/** The form that chooses two versions; a version that was not announced is not found. */
export const load = ({ locals, url }) => {
	const known = new Set(policies.standings(locals.ctx).map(({ version }) => version));
	const [older, newer] = [url.searchParams.get('older') ?? '', url.searchParams.get('newer') ?? ''];
	if (!known.has(older) || !known.has(newer)) error(404, 'not-found');
	redirect(303, `/policy/compare/${older}/${newer}`);
};

import { error } from '@sveltejs/kit';
import * as incidents from '$lib/server/incidents/incidents';
import { staffOf } from '../../../../../staff-cookie';

export const load = async ({ locals, params, url }) => {
	const after = url.searchParams.get('after') ?? undefined;
	const log = await incidents.toldLog(locals.ctx, staffOf(locals).member, { id: params.id, after });
	if (!('refused' in log)) return { ...log, id: params.id };
	if (log.refused === 'incident-unknown') error(404, 'not-found');
	error(403, { message: log.refused, code: log.refused });
};

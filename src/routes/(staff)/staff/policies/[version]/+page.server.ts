import { error } from '@sveltejs/kit';
import { policyOf } from '$lib/server/organisation/lookup';
import * as policies from '$lib/server/policies/policies';
import { staffOf } from '../../../../staff-cookie';

export const load = async ({ locals, params, url }) => {
	const { ctx } = locals;
	const after = url.searchParams.get('after') ?? undefined;
	const log = await policies.toldLog(ctx, staffOf(locals).member, { version: params.version, after });
	if ('refused' in log) {
		if (log.refused === 'unknown-version') error(404, 'not-found');
		error(403, { message: log.refused, code: log.refused });
	}
	return { ...log, after, effective: policyOf(ctx.organisation, params.version)?.effective ?? '' };
};

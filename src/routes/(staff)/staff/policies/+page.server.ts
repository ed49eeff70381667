import { error } from '@sveltejs/kit';
import { policyOf } from '$lib/server/organisation/lookup';
import * as policies from '$lib/server/policies/policies';
import { staffOf } from '../../../staff-cookie';

export const load = async ({ locals }) => {
	const { ctx } = locals;
	const told = await policies.told(ctx, staffOf(locals).member);
	if ('refused' in told) error(403, { message: told.refused, code: told.refused });
	const rows = told.flatMap((row) => {
		const policy = policyOf(ctx.organisation, row.version);
		return policy ? { ...row, announced: policy.announced, effective: policy.effective } : [];
	});
	return { versions: rows.sort((a, b) => (a.effective < b.effective ? 1 : -1)) };
};

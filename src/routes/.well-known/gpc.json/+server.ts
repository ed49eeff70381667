import { json } from '@sveltejs/kit';
import { policyInForce } from '$lib/server/organisation/lookup';

/** That Global Privacy Control is honoured here, said since the policy in force took effect (W3C GPC, “well-known”). */
export const GET = ({ locals: { ctx } }) =>
	json(
		{ gpc: true, lastUpdate: policyInForce(ctx.organisation, ctx.clock.now())?.effective },
		{ headers: { 'Cache-Control': 'public, max-age=3600' } }
	);

import { error, json } from '@sveltejs/kit';
import * as audit from '$lib/server/audit/audit';

/** The newest signed head of the tree over everybody's activity: whoever keeps a copy can tell a rewritten past. */
export const GET = async ({ locals: { ctx } }) => {
	const head = await audit.newestHead(ctx);
	return head ? json(head, { headers: { 'Cache-Control': 'public, max-age=60' } }) : error(404, 'not-found');
};

import { Readable } from 'node:stream';
import * as audit from '$lib/server/audit/audit';
import { dayOf } from '$lib/server/platform/clock';

/** What lets the person prove, without us, that their activity was neither changed nor cut. */
export const GET = ({ locals: { ctx, person }, request }) => {
	const name = `activity-proof-${dayOf(ctx.clock.now())}.json`;
	const body = request.method === 'HEAD' ? null : Readable.toWeb(Readable.from(audit.proof(ctx, person.id)));
	return new Response(body as ReadableStream | null, {
		headers: {
			'Content-Type': 'application/json; charset=utf-8',
			'Content-Disposition': `attachment; filename="${name}"`
		}
	});
};

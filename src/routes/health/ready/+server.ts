import { json } from '@sveltejs/kit';
import { ping } from '$lib/server/platform/database/open';

/** Ready when the databases answer. */
export const GET = async ({ locals }) => {
	try {
		await ping(locals.ctx.db as never);
		return json({ ready: true });
	} catch {
		return json({ ready: false }, { status: 503 });
	}
};

import { json } from '@sveltejs/kit';
import { isReady } from '$lib/server/readiness';

export const GET = async ({ locals }) => {
	const ready = await isReady(locals.ctx);
	return json({ ready }, { status: ready ? 200 : 503 });
};

import * as withdrawal from '$lib/server/withdrawal/withdrawal';

export const load = async ({ locals, params, setHeaders }) => {
	setHeaders({ 'Cache-Control': 'no-store' });
	return { farewell: await withdrawal.farewell(locals.ctx, params.token) };
};

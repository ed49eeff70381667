import { fail, redirect } from '@sveltejs/kit';
import * as families from '$lib/server/families/families';
import { after } from '$lib/server/platform/clock';
import * as withdrawal from '$lib/server/withdrawal/withdrawal';
import { requireProof } from '../../../../step-up';
import { guardedWard, nameOf } from '../../ward';

export const load = async (event) => {
	const { locals, params, request } = event;
	const { child } = await guardedWard(locals, params.child);
	const running = await withdrawal.running(locals.ctx, child.id);
	if (!running && request.method === 'GET') await requireProof(event, 'child-erasure');
	const { graceDays } = locals.ctx.organisation.withdrawal;
	return {
		id: child.id,
		name: await nameOf(locals, child),
		running,
		code: running && (await withdrawal.claimCode(locals.ctx, child.id)),
		eraseAt: after(locals.ctx.clock.now(), graceDays, 'days').toISOString()
	};
};

export const actions = {
	leave: async (event) => {
		const { locals, params } = event;
		const { child } = await guardedWard(locals, params.child);
		await requireProof(event, 'child-erasure');
		const outcome = await withdrawal.request(locals.ctx, child);
		if ('refused' in outcome) return fail(409, outcome);
		await families.noteActed(locals.ctx, locals.person.id, 'erasure', child.role);
		redirect(303, `/family/${child.id}/erasure`);
	},
	stay: async ({ locals, params }) => {
		const { child } = await guardedWard(locals, params.child);
		const outcome = await withdrawal.cancel(locals.ctx, child);
		if ('refused' in outcome) return fail(409, outcome);
		redirect(303, `/family/${child.id}?done=stays`);
	}
};

import { fail, redirect } from '@sveltejs/kit';
import * as exports from '$lib/server/exports/exports';
import * as families from '$lib/server/families/families';
import { requireProof } from '../../../../step-up';
import { doneOf, guardedWard, nameOf } from '../../ward';

export const load = async ({ locals, params, url }) => {
	const { child } = await guardedWard(locals, params.child);
	const made = await exports.list(locals.ctx, child.id);
	return {
		id: child.id,
		name: await nameOf(locals, child),
		exports: made.slice(0, 10).map((row) => ({ ...row, file: exports.fileName(locals.ctx, row) })),
		building: made.some(({ state }) => state === 'building'),
		done: doneOf(locals, url)
	};
};

export const actions = {
	/** Made for the child: it stands on the child's own page of exports, too, and opens for the guardian after a proof. */
	default: async (event) => {
		const { locals, params } = event;
		const { child } = await guardedWard(locals, params.child);
		await requireProof(event);
		const choice = { categories: [], language: locals.translation.tag, sessionId: locals.session.id };
		const outcome = await exports.order(locals.ctx, child, choice);
		if ('refused' in outcome) return fail(outcome.refused === 'too-many-exports' ? 429 : 400, outcome);
		await families.noteActed(locals.ctx, locals.person.id, 'export', child.role);
		redirect(
			303,
			`/family/${child.id}/export?done=${outcome.state === 'ready' ? 'export' : 'export-building'}`
		);
	}
};

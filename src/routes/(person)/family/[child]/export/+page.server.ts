import { fail, redirect } from '@sveltejs/kit';
import { z } from 'zod';
import { readForm } from '$lib/forms/read-form';
import * as exports from '$lib/server/exports/exports';
import * as families from '$lib/server/families/families';
import { requireProof } from '../../../../step-up';
import { madeOf } from '../../../export/made';
import { doneOf, guardedWard, nameOf } from '../../ward';

const asking = z.object({
	intent: z.enum(['order', 'top-up']).default('order'),
	export: z.string().max(60).default('')
});

const addressOf = (childId: string): string => `/family/${childId}/export`;

export const load = async ({ locals, params, url }) => {
	const { child } = await guardedWard(locals, params.child);
	const made = await exports.list(locals.ctx, child.id);
	const building = made.some(({ state }) => state === 'building');
	const done = doneOf(locals, url);
	return {
		id: child.id,
		name: await nameOf(locals, child),
		exports: made.map((row) => madeOf(locals, row, made, addressOf(child.id))),
		building,
		// The page refreshes itself: once the copy is there, it is not being made any more.
		done: done === 'export-building' && !building ? undefined : done
	};
};

export const actions = {
	/** Made for the child: it stands on the child's own page of exports, too, and opens for the guardian after a proof. */
	default: async (event) => {
		const { locals, params } = event;
		const { ctx, person, translation } = locals;
		const sessionId = locals.session.id;
		const { child } = await guardedWard(locals, params.child);
		const form = await readForm(event.request, asking);
		if (form.problems) return fail(400, form);
		await requireProof(event);
		const { intent, export: id } = form.values;
		const outcome =
			intent === 'top-up'
				? await exports.topUp(ctx, child, { id, sessionId })
				: await exports.order(ctx, child, { categories: [], language: translation.tag, sessionId });
		if ('refused' in outcome) return fail(outcome.refused === 'too-many-exports' ? 429 : 409, outcome);
		await families.noteActed(ctx, person.id, 'export', child.role);
		const done = outcome.state === 'ready' ? 'export' : 'export-building';
		redirect(303, `${addressOf(child.id)}?done=${done}`);
	}
};

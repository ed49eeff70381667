import { fail, redirect } from '@sveltejs/kit';
import { z } from 'zod';
import { line, readForm, readFormWithFiles } from '$lib/forms/read-form';
import * as families from '$lib/server/families/families';
import { guardedWard, nameOf } from '../../ward';

const scope = z.enum(['use', 'sharing']);
const asking = z.object({
	scope: z.union([scope, z.array(scope).max(2)]).default([]),
	way: z.string().max(60)
});

export const load = async ({ locals, params }) => {
	const { ctx, person, translation } = locals;
	const { child, decidesAlone } = await guardedWard(locals, params.child);
	if (decidesAlone) redirect(303, `/family/${child.id}`);
	const offer = (one: 'use' | 'sharing') => families.offerOf(ctx, child.role, one, translation.tag);
	return {
		id: child.id,
		name: await nameOf(locals, child),
		use: offer('use'),
		sharing: offer('sharing'),
		ways: families.waysFor(ctx.organisation, 'guardian').map(({ id, label, about, covers }) => ({
			value: id,
			label: translation.text(label),
			hint: translation.text(about),
			covers
		})),
		/** A code was sent and waits to be typed. */
		awaitsCode: (await families.awaited(ctx, person.id)) === child.id
	};
};

export const actions = {
	ask: async ({ request, locals, params, setHeaders }) => {
		const { ctx, person, translation } = locals;
		const ward = await guardedWard(locals, params.child);
		const form = await readFormWithFiles(request, asking, 'paper');
		if (form.problems) return fail(400, { problems: form.problems, typed: form.typed });
		const scopes = [form.values.scope].flat();
		const { way } = form.values;
		const [file] = form.files;
		const asked = { way, scopes, language: translation.tag, paper: file?.bytes };
		const outcome = await families.ask(ctx, person, ward, asked);
		if ('refused' in outcome) {
			if ('waitSeconds' in outcome) setHeaders({ 'Retry-After': String(outcome.waitSeconds) });
			return fail('waitSeconds' in outcome ? 429 : 409, { ...outcome, typed: { way }, scopes });
		}
		redirect(
			303,
			outcome.state === 'code'
				? `/family/${ward.child.id}/consent#code`
				: `/family/${ward.child.id}?done=asked`
		);
	},
	code: async ({ request, locals, params, setHeaders }) => {
		const { ctx, person } = locals;
		const ward = await guardedWard(locals, params.child);
		const form = await readForm(request, z.object({ code: line(40) }));
		if (form.problems) return fail(400, { problems: form.problems, typed: {} });
		const outcome = await families.confirmByCode(ctx, person, ward, form.values.code);
		if ('refused' in outcome) {
			if ('waitSeconds' in outcome) setHeaders({ 'Retry-After': String(outcome.waitSeconds) });
			return fail('waitSeconds' in outcome ? 429 : 400, outcome);
		}
		redirect(303, `/family/${ward.child.id}?done=granted`);
	}
};

import { error, fail, redirect } from '@sveltejs/kit';
import { z } from 'zod';
import { line, readForm } from '$lib/forms/read-form';
import { identifierChanges, identifiersOf } from '$lib/server/accounts/accounts';
import type { ChangeableKind } from '$lib/server/accounts/identifier-changes';
import { identifiers } from '$lib/server/profile/profile';
import { requireProof } from '../../../step-up';

const wish = z.object({ value: line(254) });
const answer = z.object({ code: line(40) });

/** The kinds that the description lets people sign in with are pages; others are not. */
function kindOf({ params, locals }: { params: { kind: string }; locals: App.Locals }): ChangeableKind {
	const kind = identifierChanges.kindsFor(locals.ctx).find((kind) => kind === params.kind);
	return kind ?? error(404);
}

export const load = async (event) => {
	const { ctx, person } = event.locals;
	const kind = kindOf(event);
	const pending = kind === 'username' ? undefined : await identifierChanges.pending(ctx, person.id, kind);
	// A refused form is shown again by the same request: it must not use up the proof that it still needs.
	const looks = event.request.method !== 'POST';
	if (pending === undefined && looks) await requireProof(event, `change-${kind}`);
	const current = (await identifiersOf(ctx, person.id)).find((identifier) => identifier.kind === kind)?.value;
	return { kind, current, pending, removable: await identifierChanges.canRemove(ctx, person.id, kind) };
};

export const actions = {
	change: async (event) => {
		const { ctx, person } = event.locals;
		const kind = kindOf(event);
		const form = await readForm(event.request, wish);
		if (form.problems) return fail(400, form);
		const { value } = form.values;
		const unusable = await identifierChanges.check(ctx, person, kind, value);
		if (unusable) return fail(409, { ...unusable, typed: { value } });
		await requireProof(event, `change-${kind}`);
		if (kind === 'username') {
			const outcome = await identifiers.changeUsername(ctx, person, value);
			if ('refused' in outcome) return fail(409, { ...outcome, typed: { value } });
			redirect(303, '/security?done=username-changed');
		}
		const outcome = await identifierChanges.ask(ctx, person, kind, value);
		if ('refused' in outcome)
			return fail('waitSeconds' in outcome ? 429 : 409, { ...outcome, typed: { value } });
		redirect(303, `/security/${kind}`);
	},
	confirm: async (event) => {
		const { ctx, person } = event.locals;
		const kind = kindOf(event);
		const form = await readForm(event.request, answer);
		if (form.problems) return fail(400, form);
		if (kind === 'username') error(404);
		const outcome = await identifiers.confirm(ctx, person, kind, form.values.code);
		if ('refused' in outcome) return fail(400, outcome);
		redirect(303, `/security?done=${kind}-changed`);
	},
	again: async (event) => {
		const kind = kindOf(event);
		if (kind !== 'username') await identifierChanges.giveUp(event.locals.ctx, event.locals.person.id, kind);
		redirect(303, `/security/${kind}`);
	},
	remove: async (event) => {
		const { ctx, person } = event.locals;
		const kind = kindOf(event);
		if (!(await identifierChanges.canRemove(ctx, person.id, kind)))
			return fail(409, { refused: 'identifier-required' });
		await requireProof(event, `change-${kind}`);
		const outcome = await identifiers.remove(ctx, person, kind);
		if ('refused' in outcome) return fail(409, outcome);
		redirect(303, `/security?done=${kind}-removed`);
	}
};

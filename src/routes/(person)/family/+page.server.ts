import { fail, redirect } from '@sveltejs/kit';
import { z } from 'zod';
import { readForm } from '$lib/forms/read-form';
import { isBelowConsent, isBelowMajority } from '$lib/server/accounts/people';
import * as families from '$lib/server/families/families';
import { ageOfMajority } from '$lib/server/organisation/lookup';
import { shownDecisions } from './decisions';
import { doneOf, nameOf } from './ward';

const scope = z.enum(['use', 'sharing']);
const own = z.object({ scope: z.union([scope, z.array(scope).max(2)]).default([]) });

async function wards(locals: App.Locals, after: string) {
	const found = await families.wards(locals.ctx, locals.person, after, 100);
	return Promise.all(
		found.map(async ({ child, capacity, decidesAlone }) => {
			const { use } = await families.standingOf(locals.ctx, child.id);
			return {
				id: child.id,
				capacity,
				decidesAlone,
				name: await nameOf(locals, child),
				number: child.externalId,
				state: child.state,
				granted: use.state === 'granted' ? use.decision?.at : undefined,
				asked: use.asked?.decision === 'asked',
				hasPaper: Boolean(use.decision?.evidence)
			};
		})
	);
}

/** What concerns the person as a child, or as one who was until lately. */
async function asChild(locals: App.Locals) {
	const { ctx, person, translation } = locals;
	const { minors } = ctx.organisation;
	const decisions = await shownDecisions(locals, person.id, '/family/evidence');
	const { use, sharing } = await families.standingOf(ctx, person.id);
	const offer = (one: 'use' | 'sharing') => families.offerOf(ctx, person.role, one, translation.tag);
	const isChild = isBelowMajority(ctx, person) && person.bornOn !== undefined;
	const mayDecide = !isBelowConsent(ctx, person);
	const byOthers = [use, sharing].some(
		({ decision }) => decision?.decision === 'granted' && decision.giver !== 'person'
	);
	return {
		about: minors ? translation.text(minors.about) : '',
		isChild,
		decisions,
		waits: person.state === 'awaiting-consent',
		acting: await families.actingFor(ctx, person),
		until: ageOfMajority(ctx.organisation, person.country),
		/** The person has something to decide: to begin, or to keep what others agreed to. */
		ask:
			mayDecide && (person.state === 'awaiting-consent' || byOthers)
				? { use: offer('use'), sharing: offer('sharing') }
				: undefined,
		sharing: sharing.state === 'granted'
	};
}

export const load = async ({ locals, url }) => {
	const all = await wards(locals, url.searchParams.get('after')?.slice(0, 40) ?? '');
	const asked = await families.askedOf(locals.ctx, locals.person.id);
	return {
		children: all.filter(({ capacity }) => capacity === 'guardian'),
		pupils: all
			.filter(({ capacity }) => capacity === 'school')
			.map((one) => ({ ...one, due: asked.find(({ childId }) => childId === one.id)?.dueAt })),
		next: all.length === 100 ? all.at(-1)?.id : undefined,
		own: await asChild(locals),
		done: doneOf(locals, url)
	};
};

export const actions = {
	/** Somebody old enough begins, or keeps what was agreed for them. */
	decide: async ({ request, locals: { ctx, person, translation } }) => {
		const form = await readForm(request, own);
		if (form.problems) return fail(400, form);
		const choice = { scopes: [form.values.scope].flat(), language: translation.tag };
		const outcome = await families.decideAlone(ctx, person, choice);
		if ('refused' in outcome) return fail(409, outcome);
		redirect(303, '/family?done=decided');
	}
};

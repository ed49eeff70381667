import { error, fail, redirect } from '@sveltejs/kit';
import { z } from 'zod';
import { readForm, readFormWithFiles } from '$lib/forms/read-form';
import * as consents from '$lib/server/consents/consents';
import * as families from '$lib/server/families/families';
import { recipientOf } from '$lib/server/partners/partners';
import { countHeld } from '$lib/server/personal-data-contract';
import { dayOf } from '$lib/server/platform/clock';
import { holding } from '../../../holdings';
import { shownDecisions } from '../decisions';
import { doneOf, nameOf, wardOf } from '../ward';

const withdrawing = z.object({ scope: z.enum(['use', 'sharing']) });
const deciding = z.object({
	partner: z.string().max(60),
	grant: z.enum(['yes', 'no']),
	version: z.string().max(40).optional()
});
const paper = z.object({
	way: z.string().max(60),
	'signed-on': z.iso.date(),
	relation: z.enum(['mother', 'father', 'guardian'])
});

async function held(locals: App.Locals, childId: string) {
	const counts = await countHeld(locals.ctx, childId);
	return counts
		.filter(({ records }) => records > 0)
		.map(({ category, records }) => ({ label: holding(locals, category).label, records }));
}

/** Partners that need a consent, and how it stands. */
async function partners({ ctx, translation: { text, tag } }: App.Locals, ward: families.Ward) {
	const standings = await consents.stateOf(ctx, ward.child);
	return [...standings].flatMap(([id, { state, since }]) => {
		const recipient = recipientOf(ctx.organisation, id, ward.child.role);
		if (!recipient) return [];
		const { partner, version } = recipient;
		const { words, fields } = consents.offerOf(ctx, recipient, tag);
		const labels = fields.map(({ label }) => label);
		return [
			{ id, name: partner.name, about: text(partner.about), words, fields: labels, state, since, version }
		];
	});
}

export const load = async ({ locals, params, url }) => {
	const { ctx, person, translation } = locals;
	const ward = await wardOf(locals, params.child);
	const { child, capacity, decidesAlone } = ward;
	const isGuardian = capacity === 'guardian';
	return {
		id: child.id,
		name: await nameOf(locals, child),
		number: child.externalId,
		state: child.state,
		capacity,
		decidesAlone,
		standing: await families.standingOf(ctx, child.id),
		decisions: (await shownDecisions(locals, child.id, `/family/${child.id}/evidence`)).filter((decision) =>
			families.isShown(ward, person, decision)
		),
		held: isGuardian ? await held(locals, child.id) : [],
		partners: isGuardian ? await partners(locals, ward) : [],
		locks: await families.locksOf(ctx, child.id),
		ways: families
			.waysFor(ctx.organisation, 'school')
			.map(({ id, label }) => ({ value: id, label: translation.text(label) })),
		requests: isGuardian
			? []
			: (await families.requestsAbout(ctx, child.id)).filter(({ state }) => state !== 'answered'),
		today: dayOf(ctx.clock.now()),
		done: doneOf(locals, url)
	};
};

const back = (childId: string, done: string): never => redirect(303, `/family/${childId}?done=${done}`);

export const actions = {
	withdraw: async ({ request, locals, params }) => {
		const ward = await wardOf(locals, params.child);
		const form = await readForm(request, withdrawing);
		if (form.problems) return fail(400, form);
		const asks = { scope: form.values.scope, language: locals.translation.tag };
		const outcome = await families.withdraw(locals.ctx, locals.person, ward, asks);
		if ('refused' in outcome) return fail(409, outcome);
		return back(ward.child.id, 'withdrawn');
	},
	partner: async ({ request, locals, params }) => {
		const ward = await wardOf(locals, params.child);
		const form = await readForm(request, deciding);
		if (form.problems) return fail(400, form);
		const { partner, grant, version } = form.values;
		const decision = { partner, grant: grant === 'yes', language: locals.translation.tag, version };
		const outcome = await families.decidePartner(locals.ctx, locals.person, ward, decision);
		if ('refused' in outcome) {
			if (outcome.refused === 'unknown-partner' || outcome.refused === 'consent-not-needed')
				error(404, 'not-found');
			return fail(409, outcome);
		}
		return back(ward.child.id, grant === 'yes' ? 'partner-granted' : 'partner-withdrawn');
	},
	register: async ({ request, locals, params }) => {
		const { ctx, person, translation } = locals;
		const ward = await wardOf(locals, params.child);
		const form = await readFormWithFiles(request, paper, 'paper');
		if (form.problems) return fail(400, { problems: form.problems, typed: form.typed });
		const { way, relation, 'signed-on': signedOn } = form.values;
		const typed = { way, relation, 'signed-on': signedOn };
		const [file] = form.files;
		const entry = { way, relation, signedOn, language: translation.tag, paper: file?.bytes };
		const outcome = await families.register(ctx, person, ward, entry);
		if ('refused' in outcome) return fail(409, { ...outcome, typed });
		return back(ward.child.id, 'registered');
	},
	evidence: async ({ request, locals, params }) => {
		const ward = await wardOf(locals, params.child);
		const form = await readFormWithFiles(request, z.object({}), 'paper');
		const [file] = form.files;
		if (form.problems || !file) return fail(400, { problems: { paper: { code: 'required' } }, typed: {} });
		const outcome = await families.bringEvidence(locals.ctx, locals.person, ward, file.bytes);
		if ('refused' in outcome) return fail(409, outcome);
		return back(ward.child.id, 'evidence');
	}
};

import { error, fail, redirect } from '@sveltejs/kit';
import { z } from 'zod';
import { line, readForm } from '$lib/forms/read-form';
import { categoryOf } from '$lib/server/organisation/lookup';
import * as incidents from '$lib/server/incidents/incidents';
import { staffOf } from '../../../../staff-cookie';

const noted = z.object({ note: line(200) });

/** `gdpr.en`: which notice the page shows. */
function chosenOf(locals: App.Locals, given: string | null): { regime: incidents.Regime; language: string } {
	const [regime, language] = (given ?? '').split('.');
	const { languages } = locals.ctx.organisation;
	return {
		regime: incidents.regimes.find((known) => known === regime) ?? 'gdpr',
		language: languages.find((known) => known === language) ?? locals.translation.tag
	};
}

function namesOf({ ctx, translation: { text, list } }: App.Locals, codes: readonly string[]): string {
	const ids = [...new Set(codes.map((code) => code.split('.')[0] as string))];
	return list(ids.map((id) => text(categoryOf(ctx.organisation, id)?.label)));
}

export const load = async ({ locals, params, url }) => {
	const { ctx, translation } = locals;
	const found = await incidents.find(ctx, staffOf(locals).member, params.id);
	if ('refused' in found) {
		if (found.refused === 'incident-unknown') error(404, 'not-found');
		error(403, { message: found.refused, code: found.refused });
	}
	const { incident, tally } = found;
	const chosen = chosenOf(locals, url.searchParams.get('notice'));
	return {
		id: incident.id,
		what: translation.text(incident.what) || Object.values(incident.what)[0] || '',
		isDrill: incident.isDrill,
		knownAt: incident.knownAt,
		people: incident.found,
		phase: incident.phase,
		data: namesOf(locals, incident.fields),
		announcedAt: incident.announcedAt,
		authorityToldAt: incident.authorityToldAt,
		clock: incidents.clockOf(ctx, incident),
		tally,
		steps: incident.steps,
		chosen,
		notice: incidents.noticeIn(ctx, incident, chosen.regime, chosen.language),
		report: incidents.authorityDraft(ctx, incident, chosen.regime, translation.tag),
		edited: Object.keys(incident.notices),
		regimes: incidents.regimes,
		languages: ctx.organisation.languages,
		done: url.searchParams.get('done'),
		unknown: Number(url.searchParams.get('unknown')) || 0
	};
};

const statusOf = (refused: string): number => (refused === 'not-permitted' ? 403 : 409);

export const actions = {
	edit: async ({ request, locals, params, url }) => {
		const form = await readForm(request, z.object({ text: z.string().max(20_000) }));
		if (form.problems) return fail(400, form);
		const chosen = chosenOf(locals, url.searchParams.get('notice'));
		const edited = { id: params.id, ...chosen, text: form.values.text };
		const outcome = await incidents.edit(locals.ctx, staffOf(locals).member, edited);
		if ('refused' in outcome) return fail(statusOf(outcome.refused), outcome);
		redirect(303, `/staff/incidents/${params.id}?notice=${chosen.regime}.${chosen.language}&done=kept`);
	},
	authority: async ({ request, locals, params }) => {
		const form = await readForm(request, noted);
		if (form.problems) return fail(400, form);
		const told = { id: params.id, note: form.values.note };
		const outcome = await incidents.tellAuthority(locals.ctx, staffOf(locals).member, told);
		if ('refused' in outcome) return fail(statusOf(outcome.refused), outcome);
		redirect(303, `/staff/incidents/${params.id}?done=authority`);
	},
	announce: async ({ request, locals, params }) => {
		const form = await readForm(request, noted);
		if (form.problems) return fail(400, form);
		const decided = { id: params.id, note: form.values.note };
		const outcome = await incidents.announce(locals.ctx, staffOf(locals).member, decided);
		if ('refused' in outcome) return fail(statusOf(outcome.refused), outcome);
		redirect(303, `/staff/incidents/${params.id}?done=announced`);
	}
};

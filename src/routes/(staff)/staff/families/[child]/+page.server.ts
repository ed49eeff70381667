import { error, fail, redirect } from '@sveltejs/kit';
import { z } from 'zod';
import { line, readFormWithFiles } from '$lib/forms/read-form';
import * as families from '$lib/server/families/families';
import { consentWayOf, roleOf } from '$lib/server/organisation/lookup';
import { staffOf } from '../../../../staff-cookie';

const verdict = z.object({ verdict: z.enum(['confirmed', 'declined']), note: line(300) });

export const load = async ({ locals, params }) => {
	const { ctx, translation } = locals;
	const { t, text } = translation;
	const found = await families.consentCase(ctx, staffOf(locals).member, params.child);
	if ('refused' in found)
		error(found.refused === 'not-permitted' ? 403 : 404, { message: found.refused, code: found.refused });
	const { use } = await families.standingOf(ctx, found.childId);
	return {
		childId: found.childId,
		number: found.externalId,
		role: text(roleOf(ctx.organisation, found.role)?.label),
		country: found.country,
		undecided: use.asked?.decision === 'asked',
		decisions: found.decisions.map((one) => ({
			...one,
			title: `${t(`family:scope.${one.scope}`)}: ${t(`family:decision.${one.decision}`)}`,
			way: text(consentWayOf(ctx.organisation, one.way)?.label) || t('family:way-own'),
			by: t(`family:by.${one.giver}`),
			granted: one.decision === 'granted',
			waits: one.decision === 'asked',
			note: one.note ?? '',
			evidence: one.evidence ? `/staff/families/${found.childId}/evidence/${one.evidence}` : undefined
		}))
	};
};

export const actions = {
	default: async ({ request, locals, params }) => {
		const form = await readFormWithFiles(request, verdict, 'paper');
		if (form.problems) return fail(400, { problems: form.problems, typed: form.typed });
		const { note } = form.values;
		const given = { confirmed: form.values.verdict === 'confirmed', note, paper: form.files[0]?.bytes };
		const outcome = await families.decideAsked(locals.ctx, staffOf(locals).member, params.child, given);
		if ('refused' in outcome)
			return fail(outcome.refused === 'not-permitted' ? 403 : 409, { ...outcome, typed: { note } });
		redirect(303, `/staff/families?done=${form.values.verdict}`);
	}
};

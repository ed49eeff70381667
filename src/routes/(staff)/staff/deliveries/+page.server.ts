import { error, fail, redirect } from '@sveltejs/kit';
import { z } from 'zod';
import { line, readForm } from '$lib/forms/read-form';
import * as deliveries from '$lib/server/deliveries/deliveries';
import { nameOfLetter } from '../../../letter-name';
import { staffOf } from '../../../staff-cookie';

const again = z.object({ id: line(36), reason: line(deliveries.longestReason) });

export const load = async ({ locals, url }) => {
	const { ctx, translation } = locals;
	const standing = await deliveries.standing(ctx, staffOf(locals).member);
	if ('refused' in standing) error(403, { message: standing.refused, code: standing.refused });
	const channels = new Map(
		ctx.organisation.channels.map(({ id, label }) => [id as string, translation.text(label)])
	);
	const named = <Row extends { channel: string; template: string; topic: string | null }>(row: Row) => ({
		...row,
		way: channels.get(row.channel) ?? row.channel,
		about: nameOfLetter(translation, ctx.organisation, row)
	});
	return {
		tally: standing.tally.map((row) => ({ ...row, way: channels.get(row.channel) ?? row.channel })),
		failed: standing.failed.map(named),
		unconfirmed: standing.unconfirmed.map(named),
		done: url.searchParams.get('done') === 'offered'
	};
};

export const actions = {
	default: async ({ request, locals }) => {
		const form = await readForm(request, again);
		if (form.problems) return fail(400, form);
		const outcome = await deliveries.sendAgain(locals.ctx, staffOf(locals).member, form.values);
		if ('refused' in outcome)
			return fail(outcome.refused === 'not-permitted' ? 403 : 409, { ...outcome, typed: form.values });
		redirect(303, '/staff/deliveries?done=offered');
	}
};

import { fail, redirect } from '@sveltejs/kit';
import { z } from 'zod';
import { paragraph, readForm } from '$lib/forms/read-form';
import { after } from '$lib/server/platform/clock';
import * as withdrawal from '$lib/server/withdrawal/withdrawal';
import { requireProof } from '../../../step-up';

const leaving = z.object({
	confirmation: z.string().max(200),
	reason: z.string().max(40).optional(),
	note: paragraph(2_000).optional()
});

/** Case and width do not matter: the word shows that it is meant, it is no spelling test. */
const same = (typed: string, word: string) =>
	typed.normalize('NFKC').trim().toLowerCase() === word.normalize('NFKC').trim().toLowerCase();

export const load = async (event) => {
	const { ctx, person, translation } = event.locals;
	if (await withdrawal.running(ctx, person.id)) redirect(303, '/withdrawal');
	// A refused form is shown again by the same request: it must not use up the proof that it still needs.
	if (event.request.method === 'GET') await requireProof(event, 'withdrawal');
	return {
		reasons: ctx.organisation.withdrawal.reasons.map(({ id, label }) => ({
			value: id,
			label: translation.text(label)
		})),
		word: translation.t('withdrawal:confirm.word'),
		eraseOn: translation.date(after(ctx.clock.now(), ctx.organisation.withdrawal.graceDays, 'days')),
		graceDays: ctx.organisation.withdrawal.graceDays
	};
};

export const actions = {
	default: async (event) => {
		const { ctx, person, translation } = event.locals;
		const form = await readForm(event.request, leaving);
		if (form.problems) return fail(400, form);
		const { confirmation, reason, note } = form.values;
		const typed = { confirmation, reason: reason ?? '', note: note ?? '' };
		if (!same(confirmation, translation.t('withdrawal:confirm.word')))
			return fail(400, { problems: { confirmation: { code: 'not-the-word' } }, typed });
		const known = ctx.organisation.withdrawal.reasons.some(({ id }) => id === reason);
		if (reason && !known) return fail(400, { problems: { reason: { code: 'wrong' } }, typed });

		await requireProof(event, 'withdrawal');
		const outcome = await withdrawal.request(ctx, person, {
			reason: reason || undefined,
			note: note || undefined
		});
		if ('refused' in outcome) return fail(409, { ...outcome, typed });
		redirect(303, '/withdrawal?done=requested');
	}
};

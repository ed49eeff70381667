// Giving an agreement and taking it back: one click each, from either page.
import { fail, redirect, type RequestEvent } from '@sveltejs/kit';
import { z } from 'zod';
import { readForm } from '$lib/forms/read-form';
import * as consents from '$lib/server/consents/consents';

const choice = z.object({ partner: z.string().max(60), version: z.string().max(60).optional() });

/** The two actions of a page; afterwards the person is back on it and reads what holds now. */
export const decisions = <Event extends RequestEvent>(pageOf: (partner: string) => string) => {
	const decide =
		(decision: 'granted' | 'withdrawn') =>
		async ({ request, locals }: Event) => {
			const { ctx, person, translation } = locals;
			const form = await readForm(request, choice);
			if (form.problems) return fail(400, form);
			const { partner, version } = form.values;
			const verb = decision === 'granted' ? consents.grant : consents.withdraw;
			const outcome = await verb(ctx, person, partner, { language: translation.tag, version });
			if ('refused' in outcome) return fail(outcome.refused === 'unknown-partner' ? 404 : 409, outcome);
			const done = outcome.changed ? decision : 'unchanged';
			redirect(303, `${pageOf(partner)}?${new URLSearchParams({ done, partner }).toString()}`);
		};
	return { give: decide('granted'), withdraw: decide('withdrawn') };
};

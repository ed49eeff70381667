import { fail } from '@sveltejs/kit';
import { z } from 'zod';
import { readForm } from '$lib/forms/read-form';
import * as withdrawal from '$lib/server/withdrawal/withdrawal';
import { describeCertificate } from './certificate';
import { describeStanding } from './standing';

const claiming = z.object({
	code: z
		.string()
		.trim()
		.min(1)
		.transform((code) => code.slice(0, withdrawal.longestTyped))
});

export const load = ({ setHeaders }) =>
	setHeaders({ 'Cache-Control': 'no-store', 'X-Robots-Tag': 'noindex' });

export const actions = {
	/** The code travels in the body only: an address would leave it in histories and logs. */
	default: async ({ request, locals, setHeaders }) => {
		const form = await readForm(request, claiming);
		if (form.problems) return fail(400, form);
		const { code } = form.values;
		const outcome = await withdrawal.claim(locals.ctx, code, locals.address);
		if ('waitSeconds' in outcome) setHeaders({ 'Retry-After': String(outcome.waitSeconds) });
		if ('refused' in outcome)
			return fail(outcome.refused === 'claim-unknown' ? 404 : 429, { ...outcome, typed: { code } });
		return {
			standing: describeStanding(locals, outcome),
			certificate: outcome.issued && describeCertificate(locals, outcome.issued),
			code
		};
	}
};

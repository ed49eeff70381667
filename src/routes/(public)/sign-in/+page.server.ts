import { fail, redirect } from '@sveltejs/kit';
import { z } from 'zod';
import { line, readForm } from '$lib/forms/read-form';
import * as accounts from '$lib/server/accounts/accounts';
import { cookieName, cookieOptions } from '$lib/server/accounts/sessions';
import { ownPath } from './own-path';

const credentials = z.object({ identifier: line(254), password: z.string().min(1).max(1_000), next: z.string().optional() });

export const load = ({ locals, url }) => {
	if (locals.visitor) redirect(303, ownPath(url.searchParams.get('next')));
	return { next: ownPath(url.searchParams.get('next')) };
};

export const actions = {
	default: async ({ request, locals, cookies, url }) => {
		const form = await readForm(request, credentials);
		if (form.problems) return fail(400, form);
		const device = { userAgent: (request.headers.get('user-agent') ?? '').slice(0, 300), address: locals.address };
		const language = url.searchParams.get('lang') ? locals.translation.tag : (cookies.get('language') ?? null);
		const outcome = await accounts.signIn(locals.ctx, { ...form.values, device, language });
		const typed = { identifier: form.values.identifier };
		if ('refused' in outcome) return fail(outcome.refused === 'too-many-tries' ? 429 : 400, { ...outcome, typed });

		const { origin } = locals.ctx.settings;
		cookies.set(cookieName(origin), outcome.secretId, cookieOptions(origin));
		redirect(303, ownPath(form.values.next ?? url.searchParams.get('next')));
	}
};

import { fail, redirect } from '@sveltejs/kit';
import { z } from 'zod';
import { line, readForm } from '$lib/forms/read-form';
import * as accounts from '$lib/server/accounts/accounts';
import { demonstrationStaff } from '$lib/server/staff/staff';
import { roleOf } from '$lib/server/organisation/lookup';
import { ownPath } from '../../own-path';
import { deviceOf, languageOf, setSessionCookie } from '../../session-cookie';

const next = z.string().optional();
const credentials = z.object({ identifier: line(254), password: z.string().min(1).max(1_000), next });
const statuses: Record<string, number> = { 'wrong-credentials': 400, 'account-locked': 403 };
const demonstrationAccount = z.object({ account: line(254), next });

export const load = async ({ locals, url }) => {
	const next = ownPath(url.searchParams.get('next'));
	if (locals.visitor) redirect(303, next);
	const { ctx, translation } = locals;
	const signIns = await accounts.demonstrationSignIns(ctx);
	return {
		next,
		signedOut: url.searchParams.get('done') === 'signed-out',
		demonstrationPassword: signIns.length ? accounts.demonstrationPassword : undefined,
		demonstrationStaff: signIns.length ? await demonstrationStaff(ctx) : [],
		demonstrationAccounts: signIns.map(({ identifier, label, role }) => ({
			identifier,
			label,
			role: translation.text(roleOf(ctx.organisation, role)?.label)
		}))
	};
};

export const actions = {
	default: async (event) => {
		const { request, locals, url, setHeaders } = event;
		const form = await readSignIn(request, locals.ctx.settings.demonstration);
		if (form.problems) return fail(400, form);
		const { identifier, password } = form.values;
		const before = locals.visitor ? { personId: locals.visitor.id, id: locals.session.id } : undefined;
		const attempt = { identifier, password, device: deviceOf(event), language: languageOf(event), before };
		const outcome = await accounts.signIn(locals.ctx, attempt);
		if ('refused' in outcome) {
			if ('waitSeconds' in outcome) setHeaders({ 'Retry-After': String(outcome.waitSeconds) });
			return fail(statuses[outcome.refused] ?? 429, { ...outcome, typed: { identifier } });
		}
		setSessionCookie(event, outcome.secretId);
		redirect(303, ownPath(form.values.next ?? url.searchParams.get('next')));
	}
};

/** The form of everybody, or in the demonstration a button that names an account. */
async function readSignIn(request: Request, demonstration: boolean) {
	if (!demonstration) return readForm(request, credentials);
	const button = await readForm(request.clone(), demonstrationAccount);
	if (button.problems) return readForm(request, credentials);
	const { account, next } = button.values;
	return {
		values: { identifier: account, password: accounts.demonstrationPassword, next },
		problems: undefined
	};
}

import { fail, redirect } from '@sveltejs/kit';
import * as objections from '$lib/server/objections/objections';
import * as purposes from '$lib/server/objections/purposes';
import { purposeOf } from '$lib/server/organisation/lookup';
import { cookieName } from '$lib/server/accounts/sessions';
import { choosePurpose } from '../../choose-purpose';

/** What a signed-in person can switch here: the purposes of cookies that are not needed. */
async function switchesOf({ ctx, visitor }: App.Locals) {
	if (!visitor) return undefined;
	const meant = new Set(
		ctx.organisation.cookies.filter(({ necessary }) => !necessary).map(({ purpose }) => purpose)
	);
	return [...(await purposes.answers(ctx, visitor)).values()].filter(({ purpose }) => meant.has(purpose.id));
}

export const load = async ({ locals, request, url }) => {
	const { ctx, translation } = locals;
	const { text } = translation;
	const gpc = request.headers.get('sec-gpc') === '1';
	// The one thing that a look may change: such a signal only ever opts out (California 11 CCR 7025).
	if (gpc && locals.visitor) await objections.honourSignal(ctx, locals.visitor);
	return {
		switches: await switchesOf(locals),
		done: url.searchParams.get('done'),
		ours: [
			{ name: cookieName(ctx.settings.origin), about: translation.t('cookies:session') },
			{ name: 'language', about: translation.t('cookies:language') },
			{ name: 'recovery', about: translation.t('cookies:recovery') }
		],
		gpc,
		cookies: ctx.organisation.cookies.map(({ name, by, about, purpose, lasts, necessary, invented }) => ({
			name,
			by,
			about: text(about),
			purpose: text(purposeOf(ctx.organisation, purpose)?.label),
			lasts: text(lasts),
			necessary,
			invented: invented === true
		}))
	};
};

export const actions = {
	default: async ({ request, locals: { ctx, visitor } }) => {
		if (!visitor) redirect(303, '/sign-in?next=/cookies');
		const outcome = await choosePurpose(ctx, visitor, request);
		if ('refused' in outcome) return fail(409, outcome);

		redirect(303, `/cookies?done=${outcome.done}#${outcome.purpose}`);
	}
};

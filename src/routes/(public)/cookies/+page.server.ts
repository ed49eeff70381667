import { fail, redirect } from '@sveltejs/kit';
import * as signal from '$lib/server/objections/signal';
import * as purposes from '$lib/server/objections/purposes';
import { purposeOf } from '$lib/server/organisation/lookup';
import { cookieName } from '$lib/server/accounts/sessions';
import { choosePurpose } from '../../choose-purpose';

/** What a signed-in person can switch here: the purposes of cookies that are not needed, and what a browser's signal turns off. */
async function switchesOf({ ctx, visitor }: App.Locals) {
	if (!visitor) return undefined;
	const meant = new Set([
		...ctx.organisation.cookies.filter(({ necessary }) => !necessary).map(({ purpose }) => purpose),
		...signal.purposesOf(ctx.organisation)
	]);
	return [...(await purposes.answers(ctx, visitor)).values()].filter(({ purpose }) => meant.has(purpose.id));
}

/** What became of the signal: what it turned off, and what the person has to be asked about. */
async function signalOf({ ctx, visitor, conflicts, gpc, translation: { text } }: App.Locals) {
	const name = (purpose: string) => text(purposeOf(ctx.organisation, purpose)?.label);
	const off = visitor ? await signal.honoured(ctx, visitor.id) : [];
	return {
		sent: gpc,
		honoured: off.map(({ purpose, since }) => ({ purpose, name: name(purpose), since })),
		asking: conflicts.map(({ purpose, since }) => ({ purpose, name: name(purpose), since }))
	};
}

export const load = async ({ locals, url }) => {
	const { ctx, translation } = locals;
	const { text } = translation;
	return {
		switches: await switchesOf(locals),
		signal: await signalOf(locals),
		signedIn: locals.visitor !== undefined,
		done: url.searchParams.get('done'),
		ours: [
			{ name: cookieName(ctx.settings.origin), about: translation.t('cookies:session') },
			{ name: 'language', about: translation.t('cookies:language') },
			{ name: 'recovery', about: translation.t('cookies:recovery') },
			{ name: 'sign-in', about: translation.t('cookies:sign-in') }
		],
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

		const isAnswer = outcome.done === 'keep' || outcome.done === 'follow';
		redirect(303, `/cookies?done=${outcome.done}#${isAnswer ? 'signal' : outcome.purpose}`);
	}
};

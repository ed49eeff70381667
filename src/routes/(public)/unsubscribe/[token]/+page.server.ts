import { error } from '@sveltejs/kit';
import * as people from '$lib/server/accounts/people';
import { topicOf } from '$lib/server/organisation/lookup';
import * as preferences from '$lib/server/preferences/preferences';

const undoPurpose = 'unsubscribe-undo';

/** The same answer for a forged, a mangled and a foreign link. */
function wayOutOf({ ctx }: App.Locals, token: string): preferences.WayOut {
	const wayOut = preferences.readUnsubscribeToken(ctx, token);
	return wayOut ?? error(404, { message: 'unknown-link', code: 'unknown-link' });
}

/** Looks change nothing: mail scanners open every link (RFC 8058). Whose link it is, is not said. */
export const load = ({ locals, params, url, setHeaders }) => {
	setHeaders({ 'Cache-Control': 'no-store', 'X-Robots-Tag': 'noindex' });
	const wayOut = wayOutOf(locals, params.token);
	const { organisation } = locals.ctx;
	const topic = topicOf(organisation, wayOut.topic);
	const channel = organisation.channels.find(({ id }) => id === wayOut.channel);
	return {
		/** Undefined for a topic that the description has no more. */
		about: topic &&
			channel && {
				topic: topic.label,
				channel: channel.label,
				marketing: topic.marketing,
				/** It has become essential since the message left: why. */
				because: topic.essential ? topic.essentialBecause : undefined
			},
		/** Said in the address; the language of the message needs no saying. */
		language: url.searchParams.get('lang') ? locals.translation.tag : undefined
	};
};

/** Whoever is there and not being erased; of the others nothing is sent any more. */
async function personOf({ ctx }: App.Locals, { personId }: preferences.WayOut) {
	const person = await people.find(ctx, personId);
	return person?.state === 'erasing' ? undefined : person;
}

/** What undoes the change, once and within the hour: it stands on the page that answers, and nowhere else. */
const undoOf = ({ ctx }: App.Locals, p: string, s: string | null) =>
	s === null ? {} : { undo: ctx.keys.makeToken(undoPurpose, { p, s }) };

/** The buttons of the page; what a mail program posts is answered before it comes here. */
export const actions = {
	stop: async ({ locals, params }) => {
		const wayOut = wayOutOf(locals, params.token);
		const { changeSet } = await preferences.stop(locals.ctx, wayOut, 'footer-link');
		return { done: 'stopped' as const, ...undoOf(locals, wayOut.personId, changeSet) };
	},
	all: async ({ locals, params }) => {
		const person = await personOf(locals, wayOutOf(locals, params.token));
		if (!person) return { done: 'all-stopped' as const };
		const { changeSet } = await preferences.stopAllMarketing(locals.ctx, person, 'footer-link');
		return { done: 'all-stopped' as const, ...undoOf(locals, person.id, changeSet) };
	},
	undo: async ({ request, locals, params }) => {
		const person = await personOf(locals, wayOutOf(locals, params.token));
		const form = await request.formData().catch(() => new FormData());
		const token = String(form.get('undo') ?? '').slice(0, 1_000);
		const read = locals.ctx.keys.readToken<{ p: string; s: string }>(undoPurpose, token);
		if (!person || read?.p !== person.id) return { done: 'too-late' as const };
		const outcome = await preferences.undo(locals.ctx, person, read.s);
		return { done: 'refused' in outcome ? ('too-late' as const) : ('undone' as const) };
	}
};

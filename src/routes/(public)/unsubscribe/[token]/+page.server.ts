import { error } from '@sveltejs/kit';
import * as people from '$lib/server/accounts/people';
import { topicOf } from '$lib/server/organisation/lookup';
import * as preferences from '$lib/server/preferences/preferences';

const undoPurpose = 'unsubscribe-undo';

/** The same answer for a forged, a mangled and a foreign token, and for a topic that is no more. */
function wayOutOf({ ctx }: App.Locals, token: string) {
	const wayOut = preferences.readUnsubscribeToken(ctx, token);
	const topic = wayOut && topicOf(ctx.organisation, wayOut.topic);
	const channel = wayOut && ctx.organisation.channels.find(({ id }) => id === wayOut.channel);
	if (!wayOut || !topic || !channel) error(404, { message: 'unknown-link', code: 'unknown-link' });
	return { ...wayOut, topicLabel: topic.label, channelLabel: channel.label, marketing: topic.marketing };
}

/** Looks change nothing: mail scanners open every link (RFC 8058). Whose link it is, is not said. */
export const load = ({ locals, params, setHeaders }) => {
	setHeaders({ 'Cache-Control': 'no-store', 'X-Robots-Tag': 'noindex' });
	const { topicLabel, channelLabel, marketing } = wayOutOf(locals, params.token);
	return { topic: topicLabel, channel: channelLabel, marketing };
};

/** A mail program posts `List-Unsubscribe=One-Click` and nothing else; a body that can't be read asks for the same. */
async function wishOf(request: Request): Promise<{ intent: string; undo: string }> {
	const form = await request.formData().catch(() => new FormData());
	return { intent: String(form.get('intent') ?? ''), undo: String(form.get('undo') ?? '').slice(0, 1_000) };
}

export const actions = {
	/** Answers 200 without a redirect and without a cookie, as often as it is posted. Somebody who has left is out already. */
	default: async ({ request, locals, params }) => {
		const { ctx } = locals;
		const wayOut = wayOutOf(locals, params.token);
		const { intent, undo } = await wishOf(request);
		const found = await people.find(ctx, wayOut.personId);
		const person = found?.state === 'erasing' ? undefined : found;
		if (intent === 'undo') {
			const read = ctx.keys.readToken<{ p: string; s: string }>(undoPurpose, undo);
			const outcome =
				person && read?.p === person.id ? await preferences.undo(ctx, person, read.s) : { refused: true };
			return { done: 'refused' in outcome ? ('too-late' as const) : ('undone' as const) };
		}
		const outcome = !person
			? { changed: 0, changeSet: null }
			: intent === 'all'
				? await preferences.stopAllMarketing(ctx, person, 'footer-link')
				: await preferences.set(
						ctx,
						person,
						[{ channel: wayOut.channel, topic: wayOut.topic, allowed: false }],
						{ origin: 'footer-link' }
					);
		const changeSet = 'changeSet' in outcome ? outcome.changeSet : null;
		const done = intent === 'all' ? ('all-stopped' as const) : ('stopped' as const);
		return {
			done,
			...(person && changeSet && { undo: ctx.keys.makeToken(undoPurpose, { p: person.id, s: changeSet }) })
		};
	}
};

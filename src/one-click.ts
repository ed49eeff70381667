// A mail program stops messages (RFC 8058): it posts to the address in the message's header, with nothing but the link, and reads
// little but the status. It gets no page: 200, no redirect, no cookie, whatever the body is.
import type { RequestEvent } from '@sveltejs/kit';
import { translationIn } from '$lib/i18n/catalogues';
import { topicOf } from '$lib/server/organisation/lookup';
import { take, type Limit } from '$lib/server/platform/throttle/throttle';
import * as preferences from '$lib/server/preferences/preferences';
import { languageOfMessage } from './request-language';

const route = '/(public)/unsubscribe/[token]';
/** Of links that we never gave; one of ours is taken as often as it comes. */
const guesses: Limit = { name: 'unsubscribe-guesses', points: 60, seconds: 60 };

/** The buttons of the page post to an action of their own. */
const isByHand = ({ search }: URL): boolean => search.startsWith('?/');

const text = (body: string, status: number, headers: Record<string, string> = {}) =>
	new Response(`${body}\n`, { status, headers: { 'Content-Type': 'text/plain; charset=utf-8', ...headers } });

/** The same for a forged, a mangled and a foreign link. */
async function unknownLink({ locals: { ctx, address } }: RequestEvent): Promise<Response> {
	const wait = await take(ctx, guesses, ctx.keys.blindIndex('throttle', address));
	return wait ? text('429', 429, { 'Retry-After': String(wait.waitSeconds) }) : text('404', 404);
}

/** Answers what a mail program posted; undefined for any other request. */
export async function oneClick(event: RequestEvent): Promise<Response | undefined> {
	const { request, url, params, locals } = event;
	if (event.route.id !== route || request.method !== 'POST' || isByHand(url)) return undefined;
	const { ctx } = locals;
	const wayOut = preferences.readUnsubscribeToken(ctx, params.token ?? '');
	if (!wayOut) return unknownLink(event);
	await preferences.stop(ctx, wayOut, 'one-click');
	const { t, text: say } = translationIn(languageOfMessage(event, wayOut.language));
	const topic = topicOf(ctx.organisation, wayOut.topic);
	const channel = ctx.organisation.channels.find(({ id }) => id === wayOut.channel);
	const names = { organisation: say(ctx.organisation.organisation.name) };
	if (!topic || !channel) return text(t('unsubscribe:gone', names), 200);
	return text(
		t(topic.essential ? 'unsubscribe:essential-now.done' : 'unsubscribe:done.stopped', {
			...names,
			topic: say(topic.label),
			channel: say(channel.label),
			because: say(topic.essentialBecause)
		}),
		200
	);
}

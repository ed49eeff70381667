// The steps of signing in by a message: what is asked of a browser, and how it gets in.
import { fail, redirect, type ActionFailure, type RequestEvent } from '@sveltejs/kit';
import type { messageSignIn } from '$lib/server/accounts/accounts';
import { flowCookie, stepAddress } from '../../flow-cookie';
import { ownPath } from '../../own-path';
import { deviceOf, languageOf, setSessionCookie } from '../../session-cookie';

export const flow = flowCookie('sign-in', '/sign-in');

export const nextOf = ({ url }: Pick<RequestEvent, 'url'>): string => ownPath(url.searchParams.get('next'));

/** The page on which the letter is asked for. */
export const askAddress = (next: string): string => stepAddress('/sign-in/message', next);

/** Who comes in, and which session of this browser ends by it. */
export const visitOf = (event: RequestEvent) => ({
	device: deviceOf(event),
	language: languageOf(event),
	before: event.locals.visitor && { personId: event.locals.visitor.id, id: event.locals.session.id }
});

type Refused = Exclude<messageSignIn.Entered, { secretId: string }>;

/** Signed in, and on to where the person wanted; or why not. */
export function entered(event: RequestEvent, outcome: messageSignIn.Entered): ActionFailure<Refused> {
	if ('refused' in outcome) {
		if ('waitSeconds' in outcome) event.setHeaders({ 'Retry-After': String(outcome.waitSeconds) });
		const status = 'waitSeconds' in outcome ? 429 : outcome.refused === 'account-locked' ? 403 : 400;
		return fail(status, outcome);
	}
	flow.delete(event);
	setSessionCookie(event, outcome.secretId);
	redirect(303, nextOf(event));
}

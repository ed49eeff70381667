// How the person stands to a partner, as the form on the page needs it.
import { isBelowConsent } from '$lib/server/accounts/people';
import type { Standing } from '$lib/server/consents/consents';
import * as consents from '$lib/server/consents/consents';
import { recipientOf } from '$lib/server/partners/partners';
import type { ListedFields } from '../../partner-card';
import { listed, partnerName } from './names';

export interface Decidable {
	id: string;
	name: string;
	state: Standing['state'];
	since: string | undefined;
	/** Who agreed in the person's place. */
	by: Standing['by'];
	missing: ListedFields[];
	/** What the person says when they agree; empty for a partner that is gone. */
	words: string;
	version: string;
	whenWithdrawn: string;
	/** A child: somebody else decides. */
	waiting: boolean;
}

export const looks = {
	never: { tone: 'neutral', icon: 'minus' },
	granted: { tone: 'success', icon: 'check' },
	outdated: { tone: 'warning', icon: 'warning' },
	withdrawn: { tone: 'neutral', icon: 'x' }
} as const;

/** Undefined where nothing is to be decided. */
export function standingCard(
	locals: App.Locals,
	id: string,
	standing: Standing | undefined
): Decidable | undefined {
	if (!standing) return undefined;
	const { ctx, person, translation } = locals;
	const recipient = recipientOf(ctx.organisation, id, person.role);
	const offer = recipient && consents.offerOf(ctx, recipient, translation.tag);
	return {
		id,
		name: partnerName(locals, id),
		state: standing.state,
		since: standing.since,
		by: standing.by,
		missing: listed(locals, standing.missing),
		words: offer?.words ?? '',
		version: offer?.version ?? '',
		whenWithdrawn: translation.text(recipient?.partner.whenWithdrawn),
		waiting: person.state === 'awaiting-consent' || isBelowConsent(ctx, person)
	};
}

/** What was just done, in a sentence. */
export function doneOf(locals: App.Locals, url: URL): string | undefined {
	const done = url.searchParams.get('done');
	if (!done || !locals.translation.has(`sharing:done.${done}`)) return undefined;
	return locals.translation.t(`sharing:done.${done}`, {
		partner: partnerName(locals, url.searchParams.get('partner')?.slice(0, 60) ?? '')
	});
}

// Decisions about a child as pages show them: by whom in words, never by name; with the paper where there is one.
import * as families from '$lib/server/families/families';
import { consentWayOf } from '$lib/server/organisation/lookup';

export interface ShownDecision {
	id: string;
	title: string;
	way: string;
	giver: families.Decision['giver'];
	giverId: string;
	by: string;
	at: string;
	granted: boolean;
	/** Asked, and staff have to decide. */
	waits: boolean;
	words: string;
	language: string;
	note: string;
	categories: families.Offer['categories'];
	partners: families.Offer['partners'];
	/** Where the paper is downloaded. */
	evidence: string | undefined;
}

export async function shownDecisions(
	{ ctx, translation: { t, text } }: App.Locals,
	childId: string,
	evidenceAt: string
): Promise<ShownDecision[]> {
	return (await families.history(ctx, childId)).map((one) => ({
		...one,
		title: `${t(`family:scope.${one.scope}`)}: ${t(`family:decision.${one.decision}`)}`,
		way: text(consentWayOf(ctx.organisation, one.way)?.label) || t('family:way-own'),
		by: t(`family:by.${one.giver}`),
		granted: one.decision === 'granted',
		waits: one.decision === 'asked',
		note: one.note ?? '',
		evidence: one.evidence ? `${evidenceAt}/${one.evidence}` : undefined
	}));
}

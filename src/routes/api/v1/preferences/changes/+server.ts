import * as preferences from '$lib/server/preferences/preferences';
import { read } from '../../endpoint';
import { notAllowed } from '../../problem';

const most = 1_000;

/** A whole number written as one; undefined for anything else. */
function wholeNumber(text: string | null, otherwise: number): number | undefined {
	if (text === null) return otherwise;
	return /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

/** What changed behind a position, with what holds now: a campaign tool keeps a copy by it. */
export const GET = read({ scope: 'contact:read' }, async ({ ctx, event }) => {
	const { searchParams } = event.url;
	const after = wholeNumber(searchParams.get('after'), 0);
	const limit = wholeNumber(searchParams.get('limit'), 100);
	if (after === undefined) return { refused: 'not-number', field: 'after' };
	if (!limit || limit > most) return { refused: 'limit-out-of-range', field: 'limit' };
	const outcome = await preferences.following(ctx, { after, limit });
	return 'refused' in outcome ? outcome : { status: 200, body: outcome };
});

export const fallback = notAllowed('GET');

import { findByExternalId } from '$lib/server/accounts/accounts';
import * as visibility from '$lib/server/visibility/visibility';
import { read } from '../../../endpoint';
import { notAllowed } from '../../../problem';

/** What others may see, as the person decided it; of a contested field only that it is. */
export const GET = read({ scope: 'profile:read' }, async ({ ctx, event }) => {
	const asked = event.url.searchParams.get('viewer');
	const viewer = visibility.viewers.find((one) => one === asked);
	if (!viewer) return { refused: 'viewer-unknown', field: 'viewer' };
	const person = await findByExternalId(ctx, event.params.externalId as string);
	if (!person || person.state === 'erasing') return { refused: 'person-unknown' };
	const seen = await visibility.seenBy(ctx, person, viewer);
	const fields = Object.fromEntries(
		// Asked of a system, not of the person: what is contested is answered to nobody.
		seen.map(({ code, value, restricted }) => [code, restricted ? { restricted } : { value }])
	);
	return { status: 200, body: { viewer, fields } };
});

export const fallback = notAllowed('GET');

import { findByExternalId } from '$lib/server/accounts/accounts';
import * as purposes from '$lib/server/objections/purposes';
import { read } from '../../../endpoint';
import { notAllowed } from '../../../problem';

/** Whether each purpose may be followed for the person: what a site asks before it measures, fits, or advertises. */
export const GET = read({ scope: 'purposes:read' }, async ({ ctx, event }) => {
	const person = await findByExternalId(ctx, event.params.externalId as string);
	if (!person || person.state === 'erasing') return { refused: 'person-unknown' };
	const answers = await purposes.answers(ctx, person);
	return {
		status: 200,
		body: {
			purposes: Object.fromEntries(
				[...answers].map(([id, { allowed, because, since }]) => [id, { allowed, because, since }])
			)
		}
	};
});

export const fallback = notAllowed('GET');

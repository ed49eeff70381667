import { checkShape } from '$lib/server/intake/intake';
import * as supportLinks from '$lib/server/staff/support-links/support-links';
import { write, type Answer } from '../endpoint';
import { notAllowed } from '../problem';
import { supportLinkShape } from '../shapes';

export const POST = write({ scope: 'support-links:write' }, async ({ ctx, body }): Promise<Answer> => {
	const checked = checkShape(supportLinkShape, body);
	if (!('input' in checked)) return checked;
	const { person: externalId, page, language, expiresIn } = checked.input;
	const made = await supportLinks.make(ctx, { externalId, page, language, expiresIn });
	if ('refused' in made) return made;
	// The link and the code are for the person: a repetition is told that it was made, and until when.
	return { status: 201, body: made, kept: { id: made.id, expiresAt: made.expiresAt } };
});

export const fallback = notAllowed('POST');

import { findByExternalId } from '$lib/server/accounts/accounts';
import { checkShape } from '$lib/server/intake/intake';
import * as preferences from '$lib/server/preferences/preferences';
import { write, type Answer } from '../../../endpoint';
import { notAllowed } from '../../../problem';
import { choiceShape, choicesShape } from '../../../shapes';

function changesIn(body: unknown) {
	const isMany = typeof body === 'object' && body !== null && 'changes' in body;
	if (isMany) return checkShape(choicesShape, body);
	const one = checkShape(choiceShape, body);
	return 'input' in one ? { input: { changes: [one.input] } } : one;
}

/** What somebody told another system of the organisation; what is not named stays as it is. */
export const PUT = write({ scope: 'contact:write' }, async ({ ctx, body, event }): Promise<Answer> => {
	const checked = changesIn(body);
	if (!('input' in checked)) return checked;
	const person = await findByExternalId(ctx, event.params.externalId as string);
	if (!person) return { refused: 'person-unknown' };
	const outcome = await preferences.report(ctx, person.id, checked.input.changes);
	return 'refused' in outcome ? outcome : { status: 200, body: { changed: outcome.changed } };
});

export const fallback = notAllowed('PUT');

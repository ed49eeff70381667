import * as incidents from '$lib/server/incidents/incidents';
import { checkShape } from '$lib/server/intake/intake';
import { write, type Answer } from '../endpoint';
import { notAllowed } from '../problem';
import { incidentShape } from '../shapes';

export const POST = write({ scope: 'incidents:write' }, async ({ ctx, body }): Promise<Answer> => {
	const checked = checkShape(incidentShape, body);
	if (!('input' in checked)) return checked;
	const { knownAt, happenedFrom, happenedTo, drill, ...given } = checked.input;
	const dateOf = (text: string | undefined) => (text === undefined ? undefined : new Date(text));
	const made = await incidents.record(ctx, {
		...given,
		knownAt: new Date(knownAt),
		happenedFrom: dateOf(happenedFrom),
		happenedTo: dateOf(happenedTo),
		isDrill: drill
	});
	return 'refused' in made ? made : { status: 201, body: made };
});

export const fallback = notAllowed('POST');

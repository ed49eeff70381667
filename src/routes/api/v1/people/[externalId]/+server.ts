import { findByExternalId, idsByExternal } from '$lib/server/accounts/accounts';
import { checkShape, people, personBody, personShape } from '$lib/server/intake/intake';
import { requestErasure } from '../../erasure';
import { write, type Answer } from '../../endpoint';
import { notAllowed } from '../../problem';

async function* oneLine(value: unknown) {
	yield { line: 1, value };
}

export const PUT = write({ scope: 'people:write' }, async ({ ctx, body, event }): Promise<Answer> => {
	const externalId = event.params.externalId as string;
	const checked = checkShape(personBody, body);
	if (!('input' in checked)) return checked;
	if (checked.input.externalId !== undefined && checked.input.externalId !== externalId)
		return { refused: 'external-id-mismatch', field: 'externalId' };
	const person = checkShape(personShape, { ...checked.input, externalId });
	if (!('input' in person)) return person;

	const { guardians = [] } = person.input;
	const known = await idsByExternal(ctx, guardians);
	const missing = guardians.findIndex((guardian) => !known.has(guardian) || guardian === externalId);
	if (missing !== -1) return { refused: 'guardian-unknown', field: `guardians.${missing}` };

	let done: string | undefined;
	for await (const outcome of people(ctx, oneLine(person.input))) {
		if ('refused' in outcome) return outcome;
		if (done === undefined || done === 'unchanged') ({ done } = outcome);
	}
	const id = (await findByExternalId(ctx, externalId))?.id;
	return { status: done === 'added' ? 201 : 200, body: { id, done } };
});

export const DELETE = write({ scope: 'people:write', optionalBody: true }, requestErasure);

export const fallback = notAllowed('PUT', 'DELETE');

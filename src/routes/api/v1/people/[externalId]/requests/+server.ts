import { findByExternalId } from '$lib/server/accounts/accounts';
import { checkShape } from '$lib/server/intake/intake';
import * as requests from '$lib/server/requests/requests';
import { write, type Answer } from '../../../endpoint';
import { notAllowed } from '../../../problem';
import { requestShape } from '../../../shapes';

export const POST = write({ scope: 'requests:write' }, async ({ ctx, body, event }): Promise<Answer> => {
	const checked = checkShape(requestShape, body);
	if (!('input' in checked)) return checked;
	const person = await findByExternalId(ctx, event.params.externalId as string);
	if (!person) return { refused: 'person-unknown' };
	const { receivedAt, channel, proved, ...opening } = checked.input;
	const outcome = await requests.receiveAndDo(ctx, person, opening, {
		channel,
		receivedAt: receivedAt === undefined ? undefined : new Date(receivedAt),
		toBeProved: !proved
	});
	if ('problems' in outcome) return { refused: outcome.problems.text?.code ?? 'wrong', field: 'text' };
	return 'refused' in outcome ? outcome : { status: 201, body: outcome };
});

export const fallback = notAllowed('POST');

// Promise: whoever got a contested field hears that it is contested, and what came of it.
import type { Context } from '../context.ts';
import { tellRecipients, type Telling } from '../disclosures/recipients.ts';
import { aboutOf } from './corrections.ts';
import type { CorrectionRow } from './queries.ts';

type News = Pick<Telling, 'type' | 'value'> & { decision?: 'accepted' | 'erased' | 'refused' };

/** Tells every past recipient; `value` is what stands there now. */
export const tellAll = (
	ctx: Context,
	{ id, externalId }: { id: string; externalId: string },
	{ id: correction, field, record }: Pick<CorrectionRow, 'id' | 'field' | 'record'>,
	{ decision, ...news }: News
): Promise<void> =>
	tellRecipients(ctx, id, {
		...news,
		field,
		about: aboutOf(correction),
		data: { externalId, ...(record !== null && { record }), ...(decision && { decision }) }
	});

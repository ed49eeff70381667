// Promise: whoever is affected is found and told once, in the language and by the law of their place.
import type { Context } from '../context.ts';
import { notices } from '../delivery/delivery.ts';
import type { WorkKind } from '../platform/work/work.ts';
import { affectedAfter } from './audience.ts';
import { noticeIn } from './drafts.ts';
import { aboutIncident, findIncident } from './incident.ts';
import { regimeOf } from './regimes.ts';

async function tellingOf(ctx: Context, id: string): Promise<notices.Telling | undefined> {
	const incident = await findIncident(ctx, id);
	if (!incident) return undefined;
	const { audience, isDrill } = incident;
	return {
		about: aboutIncident(id),
		find: (ctx, after, limit) => affectedAfter(ctx, audience, { isDrill, after, limit }),
		write: ({ language, country }) => ({
			template: isDrill ? 'incident-drill' : 'incident-announced',
			values: { notice: noticeIn(ctx, incident, regimeOf(ctx, country), language) }
		}),
		event: { kind: isDrill ? 'incident-drill' : 'incident-announced', details: {} },
		tellsAtOnce: false
	};
}

export const incidentWork: WorkKind<Context> = {
	name: 'incidents',
	everyMilliseconds: 2_000,
	run: (ctx) => notices.work(ctx, 'incident', tellingOf)
};

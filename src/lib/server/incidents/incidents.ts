// Promise: after a breach the authority's clock is seen, those affected are told once and nobody else, and it can be proved.
// The face of incidents.
import type { Context } from '../context.ts';
import { notices } from '../delivery/delivery.ts';
import { noticeIn } from './drafts.ts';
import { aboutIncident, findIncident, incidentOf } from './incident.ts';
import { regimeOf } from './regimes.ts';

export { clockOf, incidentAlarm, type Clock } from './clock.ts';
export { authorityDraft, noticeIn } from './drafts.ts';
export { announce, edit, find, list, tellAuthority, toldLog } from './handling.ts';
export type { Incident, Step } from './incident.ts';
export { record, recordAs, type NewIncident } from './recording.ts';
export { regimes, type Regime } from './regimes.ts';
export { incidentWork } from './telling.ts';

export interface ToldIncident {
	id: string;
	isDrill: boolean;
	/** In paragraphs. */
	notice: string;
	announcedAt: string;
	isNew: boolean;
}

type Reader = { id: string; country: string };

const toldOf = async (ctx: Context, personId: string) =>
	(await notices.to(ctx, personId)).filter(
		({ about, state }) => state !== 'waiting' && incidentOf(about) !== undefined
	);

/** Whether the person was told of an incident that they have not opened; a real one goes before a drill. */
export async function unread(ctx: Context, personId: string): Promise<'incident' | 'drill' | undefined> {
	const left = (await toldOf(ctx, personId)).filter(({ readAt }) => readAt === null);
	if (!left.length) return undefined;
	const found = await Promise.all(left.map(({ about }) => findIncident(ctx, incidentOf(about) ?? '')));
	return found.every((incident) => incident?.isDrill) ? 'drill' : 'incident';
}

/** What the person was told of, newest first, in that language; looking at it is written down. */
export async function read(ctx: Context, person: Reader, language: string): Promise<ToldIncident[]> {
	const found: ToldIncident[] = [];
	for (const { about, readAt } of await toldOf(ctx, person.id)) {
		const incident = await findIncident(ctx, incidentOf(about) ?? '');
		if (!incident?.announcedAt) continue;
		const { id, isDrill, announcedAt } = incident;
		const notice = noticeIn(ctx, incident, regimeOf(ctx, person.country), language);
		found.push({ id, isDrill, notice, announcedAt, isNew: readAt === null });
		if (readAt === null) await notices.markRead(ctx, person.id, aboutIncident(id));
	}
	return found.sort((a, b) => (a.announcedAt < b.announcedAt ? 1 : -1));
}

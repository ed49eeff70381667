// Promise: who decided what about an incident, when and why, stands beside it; what was sent is what was decided.
import type { Context } from '../context.ts';
import { notices, tellListenersOfAll } from '../delivery/delivery.ts';
import { instant } from '../platform/clock.ts';
import { transaction } from '../platform/database/transaction.ts';
import { log, may, type Member } from '../staff/staff.ts';
import { allNotices, noticeDraft } from './drafts.ts';
import {
	aboutIncident,
	findIncident,
	noticeName,
	openIncident,
	sealTexts,
	type Incident,
	type IncidentTexts,
	type Step
} from './incident.ts';
import { selectIncidents, updateIncident, updateUnannounced } from './queries.ts';
import type { Regime } from './regimes.ts';

type Refusal = 'not-permitted' | 'incident-unknown';

/** Everything that was recorded, newest first. Refuses `not-permitted`. */
export async function list(ctx: Context, member: Member): Promise<Incident[] | { refused: 'not-permitted' }> {
	if (!may(member, 'incidents')) return { refused: 'not-permitted' };
	return (await selectIncidents(ctx)).map((row) => openIncident(ctx, row));
}

/** Refuses `not-permitted` and `incident-unknown`. */
export async function find(
	ctx: Context,
	member: Member,
	id: string
): Promise<{ incident: Incident; tally: notices.Tally } | { refused: Refusal }> {
	if (!may(member, 'incidents')) return { refused: 'not-permitted' };
	const incident = await findIncident(ctx, id);
	if (!incident) return { refused: 'incident-unknown' };
	return { incident, tally: await notices.tally(ctx, aboutIncident(id)) };
}

const pageSize = 100;

/** Who was told and opened it, by id, a page at a time. Refuses `not-permitted` and `incident-unknown`. */
export async function toldLog(
	ctx: Context,
	member: Member,
	{ id, after }: { id: string; after?: string | undefined }
) {
	if (!may(member, 'incidents')) return { refused: 'not-permitted' as const };
	if (!(await findIncident(ctx, id))) return { refused: 'incident-unknown' as const };
	const rows = await notices.list(ctx, aboutIncident(id), { after, limit: pageSize + 1 });
	const next = rows.length > pageSize ? rows[pageSize - 1]?.personId : undefined;
	return { rows: rows.slice(0, pageSize), next };
}

const textsWith = (incident: Incident, changes: Partial<IncidentTexts>): IncidentTexts => {
	const { what, consequences, measures, advice, notices: edited, steps } = { ...incident, ...changes };
	return { what, consequences, measures, advice, notices: edited, steps };
};

const stepOf = (ctx: Context, kind: Step['kind'], by: Member, note: string): Step => ({
	kind,
	at: instant(ctx.clock.now()),
	by: `staff:${by.id}`,
	note
});

interface Edited {
	id: string;
	regime: Regime;
	language: string;
	/** Empty for the draft. */
	text: string;
}

/** Keeps a notice as it was edited. Refuses `not-permitted`, `incident-unknown`, `announced-already`. */
export async function edit(
	ctx: Context,
	member: Member,
	{ id, regime, language, text }: Edited
): Promise<{ edited: true } | { refused: Refusal | 'announced-already' }> {
	if (!may(member, 'incidents')) return { refused: 'not-permitted' };
	return transaction(ctx, async (ctx) => {
		const incident = await findIncident(ctx, id);
		if (!incident) return { refused: 'incident-unknown' as const };
		const { [noticeName(regime, language)]: _, ...others } = incident.notices;
		const isDraft = !text.trim() || text === noticeDraft(ctx, incident, regime, language);
		const edited = isDraft ? others : { ...others, [noticeName(regime, language)]: text };
		const steps = [...incident.steps, stepOf(ctx, 'changed', member, noticeName(regime, language))];
		const sealed = sealTexts(ctx, id, textsWith(incident, { notices: edited, steps }));
		if (!(await updateUnannounced(ctx, id, { sealed }))) return { refused: 'announced-already' as const };
		await log(ctx, member.id, 'incident-changed');
		return { edited: true as const };
	});
}

/** Stops the authority's clock. Refuses `not-permitted`, `incident-unknown`, `authority-told-already`. */
export async function tellAuthority(
	ctx: Context,
	member: Member,
	{ id, note }: { id: string; note: string }
): Promise<{ toldAt: string } | { refused: Refusal | 'authority-told-already' }> {
	if (!may(member, 'incidents')) return { refused: 'not-permitted' };
	return transaction(ctx, async (ctx) => {
		const incident = await findIncident(ctx, id);
		if (!incident) return { refused: 'incident-unknown' as const };
		if (incident.authorityToldAt) return { refused: 'authority-told-already' as const };
		const step = stepOf(ctx, 'authority-told', member, note);
		const sealed = sealTexts(ctx, id, textsWith(incident, { steps: [...incident.steps, step] }));
		await updateIncident(ctx, id, { authorityToldAt: step.at, sealed });
		await log(ctx, member.id, 'authority-told');
		return { toldAt: step.at };
	});
}

/**
 * Tells those whom it concerns, by mail and in the portal, in batches; the notices can't be changed any more.
 * Refuses `not-permitted`, `incident-unknown`, `announced-already`, `still-finding` while people are looked for, and
 * `nobody-affected`.
 */
export async function announce(
	ctx: Context,
	member: Member,
	{ id, note }: { id: string; note: string }
): Promise<
	{ announcedAt: string } | { refused: Refusal | 'announced-already' | 'still-finding' | 'nobody-affected' }
> {
	if (!may(member, 'incidents')) return { refused: 'not-permitted' };
	return transaction(ctx, async (ctx) => {
		const incident = await findIncident(ctx, id);
		if (!incident) return { refused: 'incident-unknown' as const };
		if (incident.phase === 'finding') return { refused: 'still-finding' as const };
		if (!incident.found) return { refused: 'nobody-affected' as const };
		const step = stepOf(ctx, 'announced', member, note);
		const texts = textsWith(incident, {
			notices: allNotices(ctx, incident),
			steps: [...incident.steps, step]
		});
		const changed = await updateUnannounced(ctx, id, {
			announcedAt: step.at,
			phase: 'telling',
			nextAttemptAt: step.at,
			sealed: sealTexts(ctx, id, texts)
		});
		if (!changed) return { refused: 'announced-already' as const };
		await log(ctx, member.id, 'incident-announced');
		if (!incident.isDrill)
			await tellListenersOfAll(ctx, 'incident.announced', id, { incident: id, announcedAt: step.at });
		return { announcedAt: step.at };
	});
}

// Promise: what an incident is, in facts and words: codes and instants in the clear, words under the portal's own key.
import type { Context } from '../context.ts';
import { open, seal } from '../platform/keys/keys.ts';
import type { IncidentTable, Round } from '../schema.ts';
import type { Audience } from './audience.ts';
import { selectIncident } from './queries.ts';
import type { Regime } from './regimes.ts';

/** A text in one or more languages of the description. */
export type Words = Readonly<Record<string, string>>;

/** What was decided about it, by whom and why. */
export interface Step {
	kind: 'recorded' | 'changed' | 'authority-told' | 'announced';
	at: string;
	by: string;
	note: string;
}

export interface IncidentTexts {
	/** What happened; the others where they are known. */
	what: Words;
	consequences: Words;
	measures: Words;
	advice: Words;
	/** Notices as somebody edited them, and all of them from the announcement on, by `<regime>.<language>`. */
	notices: Record<string, string>;
	steps: readonly Step[];
}

export interface Incident extends IncidentTexts {
	id: string;
	isDrill: boolean;
	knownAt: string;
	happenedFrom: string | null;
	happenedTo: string | null;
	/** Codes `category.field`. */
	fields: readonly string[];
	audience: Audience;
	recordedAt: string;
	authorityDueAt: string;
	authorityToldAt: string | null;
	announcedAt: string | null;
	phase: Round['phase'];
	/** People whom it concerns, as found when it was recorded. */
	found: number;
}

const place = (id: string) => ({ table: 'incident', column: 'sealed', row: id });

export const sealTexts = (ctx: Context, id: string, texts: IncidentTexts): Buffer =>
	seal(ctx.keys.portalKey, place(id), texts);

type Row = Omit<IncidentTable, 'nextAttemptAt' | 'leasedUntil' | 'attempts' | 'lastPerson' | 'told'>;

export function openIncident(ctx: Context, row: Row): Incident {
	const { sealed, drill, fields, audience, ...rest } = row;
	const { alarm: _, recordedBy: __, ...facts } = rest;
	return {
		...facts,
		...open<IncidentTexts>(ctx.keys.portalKey, place(row.id), sealed),
		isDrill: drill === 1,
		fields: fields.split(' ').filter(Boolean),
		audience: JSON.parse(audience) as Audience
	};
}

export async function findIncident(ctx: Context, id: string): Promise<Incident | undefined> {
	const row = await selectIncident(ctx, id);
	return row && openIncident(ctx, row);
}

export const aboutIncident = (id: string): string => `incident ${id}`;
export const incidentOf = (about: string): string | undefined =>
	about.startsWith('incident ') ? about.slice('incident '.length) : undefined;

export const noticeName = (regime: Regime, language: string): string => `${regime}.${language}`;

// Promise: an incident is written down with what is known, the authority's clock starts, and whom it concerns is found.
import type { Context } from '../context.ts';
import { notices } from '../delivery/delivery.ts';
import { categoryOf } from '../organisation/lookup.ts';
import { instant } from '../platform/clock.ts';
import { transaction } from '../platform/database/transaction.ts';
import { log, may, type Member } from '../staff/staff.ts';
import {
	audienceRefusal,
	listed,
	mayBeTold,
	type Affected,
	type Audience,
	type AudienceRefusal
} from './audience.ts';
import { dueAt } from './clock.ts';
import { aboutIncident, sealTexts, type IncidentTexts, type Words } from './incident.ts';
import { insertIncident } from './queries.ts';

export interface NewIncident {
	/** At least in one language of the description. */
	what: Words;
	consequences?: Words | undefined;
	measures?: Words | undefined;
	advice?: Words | undefined;
	knownAt: Date;
	happenedFrom?: Date | undefined;
	happenedTo?: Date | undefined;
	/** Codes `category.field`, or a category for all of its fields. */
	fields: readonly string[];
	affected: Affected;
	/** Only invented people and accounts for practising are ever told. */
	isDrill?: boolean | undefined;
	/** Why it is written down, for the staff's own record. */
	note?: string | undefined;
}

export type RecordRefusal =
	| AudienceRefusal
	| 'not-permitted'
	| 'field-unknown'
	| 'language-unknown'
	| 'known-in-future'
	| 'happened-wrong';

export interface Recorded {
	id: string;
	authorityDueAt: string;
	/** Of a list: those whom the portal does not know. */
	unknown: string[];
}

/** Codes of fields; undefined where one is not described. */
function expanded({ organisation }: Context, given: readonly string[]): string[] | undefined {
	const codes = given.map((code) => {
		const [id = '', field] = code.split('.');
		const fields = categoryOf(organisation, id)?.fields.map((described) => described.id) ?? [];
		const wanted = field === undefined ? fields : fields.filter((known) => known === field);
		return wanted.map((known) => `${id}.${known}`);
	});
	return codes.every((found) => found.length) ? [...new Set(codes.flat())] : undefined;
}

function refusalOf(ctx: Context, given: NewIncident): RecordRefusal | undefined {
	const { what, consequences = {}, measures = {}, advice = {} } = given;
	const tags = [what, consequences, measures, advice].flatMap(Object.keys);
	if (!Object.keys(what).length || tags.some((tag) => !ctx.organisation.languages.includes(tag)))
		return 'language-unknown';
	if (given.knownAt > ctx.clock.now()) return 'known-in-future';
	const { happenedFrom, happenedTo } = given;
	const from = happenedFrom ?? happenedTo;
	if (from && (from > given.knownAt || (happenedTo && happenedTo < from))) return 'happened-wrong';
	return audienceRefusal(ctx, given.affected);
}

/** Writes it down as a member of staff. Refuses `not-permitted` and what `record` refuses. */
export async function recordAs(
	ctx: Context,
	member: Member,
	given: NewIncident
): Promise<Recorded | { refused: RecordRefusal }> {
	if (!may(member, 'incidents')) return { refused: 'not-permitted' };
	return transaction(ctx, async (ctx) => {
		const outcome = await record(ctx, given);
		if (!('refused' in outcome)) await log(ctx, member.id, 'incident-recorded');
		return outcome;
	});
}

/**
 * Writes an incident down; nobody is told yet. Refuses `language-unknown` (also for no words at all), `known-in-future`,
 * `happened-wrong` (after it was known, or backwards), `field-unknown`, `role-unknown`, `partner-unknown`,
 * `category-unknown`, `nobody-named`.
 */
export async function record(
	ctx: Context,
	given: NewIncident
): Promise<Recorded | { refused: RecordRefusal }> {
	const refused = refusalOf(ctx, given);
	const fields = expanded(ctx, given.fields);
	if (refused) return { refused };
	if (!fields) return { refused: 'field-unknown' };
	const list = 'people' in given.affected ? await listed(ctx, given.affected.people) : undefined;
	return transaction(ctx, (ctx) => write(ctx, given, { fields, list }));
}

type List = { found: string[]; unknown: string[] };

async function write(
	ctx: Context,
	given: NewIncident,
	{ fields, list }: { fields: string[]; list: List | undefined }
): Promise<Recorded> {
	const [id, now] = [ctx.ids.next(), instant(ctx.clock.now())];
	const isDrill = given.isDrill === true;
	const [knownAt, from, to] = [given.knownAt, given.happenedFrom, given.happenedTo];
	const found = list && (await mayBeTold(ctx, isDrill, list.found));
	const audience: Audience =
		'people' in given.affected ? { listed: given.affected.people.length } : given.affected;
	await insertIncident(ctx, {
		id,
		drill: isDrill ? 1 : 0,
		knownAt: instant(knownAt),
		happenedFrom: from ? instant(from) : null,
		happenedTo: to ? instant(to) : null,
		fields: fields.join(' '),
		audience: JSON.stringify(audience),
		recordedAt: now,
		recordedBy: ctx.actor,
		authorityDueAt: dueAt(instant(knownAt)),
		authorityToldAt: null,
		alarm: 0,
		announcedAt: null,
		sealed: sealTexts(ctx, id, textsOf(ctx, given)),
		phase: found ? 'found' : 'finding',
		lastPerson: null,
		found: found ? await notices.expect(ctx, aboutIncident(id), found) : 0,
		told: 0,
		nextAttemptAt: found ? null : now,
		leasedUntil: null,
		attempts: 0
	});
	return { id, authorityDueAt: dueAt(instant(knownAt)), unknown: list?.unknown ?? [] };
}

function textsOf(ctx: Context, given: NewIncident): IncidentTexts {
	const { what, consequences = {}, measures = {}, advice = {}, note = '' } = given;
	const step = { kind: 'recorded' as const, at: instant(ctx.clock.now()), by: ctx.actor, note };
	return { what, consequences, measures, advice, notices: {}, steps: [step] };
}

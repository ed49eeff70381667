// All SQL of answers: what the ledger says of many choices at once.
import { sql, type RawBuilder } from 'kysely';
import type { Context } from '../../context.ts';
import { isPostgres } from '../../platform/database/columns.ts';
import { keptQuery } from '../../platform/database/kept.ts';
import { listed } from '../../platform/database/listed.ts';
import type { PersonTable } from '../../schema.ts';

/** A row of the ledger as far as it decides. */
export interface Decision {
	id: string;
	allowed: number;
	at: string;
}

export interface Standing {
	/** The newest change of the choice itself. */
	own: Decision | undefined;
	/** The newest stop or start of everything by that way. */
	stop: Decision | undefined;
}

/** `<id><0 or 1><instant>`: one column, so that one look-up answers. */
const idLength = 36;
const decisionIn = (text: string | null): Decision | undefined =>
	text === null
		? undefined
		: { id: text.slice(0, idLength), allowed: Number(text[idLength]), at: text.slice(idLength + 1) };

/** What is asked, a row each: the asker’s number, person, channel, topic. */
const asked = (db: unknown, json: string) =>
	isPostgres(db as never)
		? sql`(select ask.ordinality - 1 as ask, ask.value->>0 as person_id, ask.value->>1 as channel, ask.value->>2 as topic
			from json_array_elements(${json}::json) with ordinality as ask)`
		: sql`(select key as ask, value->>0 as person_id, value->>1 as channel, value->>2 as topic from json_each(+${json}))`;

const newestText = (topic: RawBuilder<unknown>) =>
	sql`(select change.id || change.allowed || change.at from preference_change as change
		where change.person_id = asked.person_id and change.channel = asked.channel and change.topic = ${topic}
		order by change.id desc limit 1)`;

const standings = keptQuery((db: Context['db'], json: string) => ({
	compile: () =>
		sql<{ ask: number; own: string | null; stop: string | null }>`select asked.ask,
			${newestText(sql.ref('asked.topic'))} as own, ${newestText(sql.lit('*'))} as stop
			from ${asked(db, json)} as asked`.compile(db)
}));

/** For each `[person, channel, topic]`, in their order, what the ledger says of it last. */
export async function selectStandings(
	ctx: Context,
	asks: readonly (readonly [string, string, string])[]
): Promise<Standing[]> {
	const found: Standing[] = [];
	for (const { ask, own, stop } of await standings(ctx, JSON.stringify(asks)))
		found[Number(ask)] = { own: decisionIn(own), stop: decisionIn(stop) };
	return found;
}

export type PersonRow = Pick<PersonTable, 'role' | 'state' | 'pausedAt' | 'timeZone' | 'country'> & {
	id: string;
};

const person = keptQuery((db: Context['db'], personId: string) =>
	db
		.selectFrom('person')
		.select(['personId as id', 'role', 'state', 'pausedAt', 'timeZone', 'country'])
		.where('personId', '=', personId)
);

export const selectPerson = async (ctx: Context, personId: string): Promise<PersonRow | undefined> =>
	(await person(ctx, personId))[0];

const peopleOf = keptQuery((db: Context['db'], json: string) =>
	db
		.selectFrom('person')
		.select(['personId as id', 'role', 'state', 'pausedAt', 'timeZone', 'country'])
		.where('personId', 'in', listed(db, json))
);

/** Those of them who are there. */
export const selectPeopleOf = (ctx: Context, personIds: readonly string[]): Promise<PersonRow[]> =>
	peopleOf(ctx, JSON.stringify(personIds));

/** Blind indexes as they come, a row each. */
const blinds = (db: unknown, json: string) =>
	isPostgres(db as never)
		? sql`(select blind.ordinality - 1 as ask, decode(blind.value, 'hex') as blind
			from json_array_elements_text(${json}::json) with ordinality as blind)`
		: sql`(select key as ask, unhex(value) as blind from json_each(+${json}))`;

/** SQLite knows nothing of how few are asked about, and would go through everybody for each of them: it joins in this order. */
const inOrder = (db: unknown) => (isPostgres(db as never) ? sql`join` : sql`cross join`);

const people = keptQuery((db: Context['db'], json: string) => ({
	compile: () =>
		sql<PersonRow & { ask: number }>`select asked.ask, person.person_id as id, person.role, person.state,
			person.paused_at, person.time_zone, person.country
			from ${blinds(db, json)} as asked
			${inOrder(db)} identifier on identifier.kind = 'external' and identifier.blind = asked.blind
			${inOrder(db)} person on person.person_id = identifier.person_id`.compile(db)
}));

/** Whom these blind indexes of external ids name, in their order; undefined where nobody has it. */
export async function selectPeople(
	ctx: Context,
	named: readonly Buffer[]
): Promise<(PersonRow | undefined)[]> {
	const found: (PersonRow | undefined)[] = new Array(named.length).fill(undefined);
	const json = JSON.stringify(named.map((blind) => blind.toString('hex')));
	for (const { ask, ...person } of await people(ctx, json)) found[Number(ask)] = person;
	return found;
}

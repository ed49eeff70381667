// The rows of light people, written through statements that are compiled once. Sealing is real: every value is bound to the
// place that its own domain seals it for, which the tests prove by reading through the domains' faces.
import type { KeyObject } from 'node:crypto';
import type { Context } from '../context.ts';
import { bulkInto } from '../platform/database/bulk.ts';
import { seal } from '../platform/keys/keys.ts';

export interface LightPerson {
	id: string;
	key: KeyObject;
	createdAt: string;
}

const columns = {
	person: [
		'person_id',
		'role',
		'state',
		'language',
		'time_zone',
		'country',
		'region',
		'sealed',
		'created_at',
		'paused_at'
	],
	identifier: ['person_id', 'kind', 'blind', 'sealed', 'verified_at', 'changed_at'],
	credential: ['person_id', 'sealed', 'changed_at'],
	profile_value: ['person_id', 'field', 'sealed', 'origin', 'changed_at'],
	record: ['person_id', 'category', 'id', 'at', 'sealed', 'origin'],
	record_count: ['person_id', 'category', 'records', 'oldest_at'],
	preference_change: ['person_id', 'id', 'channel', 'topic', 'allowed', 'origin', 'change_set', 'at'],
	disclosure: [
		'person_id',
		'id',
		'partner',
		'purpose',
		'basis',
		'fields',
		'country',
		'consent_version',
		'recorded',
		'at',
		'recorded_at',
		'sealed',
		'dedupe'
	],
	disclosure_count: ['person_id', 'partner', 'disclosures', 'last_at'],
	disclosure_flow: ['person_id', 'partner', 'category', 'field', 'disclosures', 'first_at', 'last_at']
} as const;

interface LightDisclosure extends Record<'partner' | 'purpose' | 'basis' | 'country' | 'at', string> {
	fields: readonly string[];
}

/** Those of a chunk's last row are promises; the others wait for it. */
export type Writes = (Promise<void> | undefined)[];

type Table = keyof typeof columns;

const place = (table: string, row: string) => ({ table, column: 'sealed', row });

/** Writers of one transaction. */
export function lightWriter(ctx: Context) {
	const db = ctx.db as never;
	const tables = Object.fromEntries(
		Object.entries(columns).map(([table, names]) => [table, bulkInto(db, table, names)])
	) as Record<Table, ReturnType<typeof bulkInto>>;
	return {
		person: (
			{ id, key, createdAt }: LightPerson,
			{
				role,
				language,
				timeZone,
				country,
				region,
				externalId,
				bornOn
			}: Record<'role' | 'language' | 'timeZone' | 'country' | 'externalId' | 'bornOn', string> & {
				region: string | null;
			}
		) =>
			tables.person.add(
				id,
				role,
				'active',
				language,
				timeZone,
				country,
				region,
				seal(key, place('person', ''), { externalId, bornOn }),
				createdAt,
				null
			),
		identifier: ({ id, key, createdAt }: LightPerson, kind: string, value: string) =>
			tables.identifier.add(
				id,
				kind,
				ctx.keys.blindIndex(kind, value),
				seal(key, place('identifier', kind), value),
				createdAt,
				createdAt
			),
		credential: ({ id, key, createdAt }: LightPerson, hash: string) =>
			tables.credential.add(id, seal(key, place('credential', ''), hash), createdAt),
		profile: ({ id, key, createdAt }: LightPerson, field: string, value: unknown, origin: string) =>
			tables.profile_value.add(id, field, seal(key, place('profile_value', field), value), origin, createdAt),
		record: (
			{ id, key }: LightPerson,
			category: string,
			record: { id: string; at: string; values: unknown; origin: string }
		) =>
			tables.record.add(
				id,
				category,
				record.id,
				record.at,
				seal(key, place('record', `${category}/${record.id}`), record.values),
				record.origin
			),
		recordCount: ({ id }: LightPerson, category: string, records: number, oldestAt: string) =>
			tables.record_count.add(id, category, records, oldestAt),
		preference: (
			{ id }: LightPerson,
			{ channel, topic, allowed, at }: { channel: string; topic: string; allowed: boolean; at: string }
		) =>
			tables.preference_change.add(
				id,
				ctx.ids.next(),
				channel,
				topic,
				allowed ? 1 : 0,
				'import',
				ctx.ids.next(),
				at
			),
		/** With its sums, as the ledger keeps them. */
		disclosure: (
			{ id, key }: LightPerson,
			{ partner, purpose, basis, fields, country, at }: LightDisclosure
		): Writes => {
			const row = ctx.ids.next();
			const sums = new Set(fields.flatMap((code) => [`${code.split('.')[0]} `, code.replace('.', ' ')]));
			const sealed = seal(key, place('disclosure', row), {});
			return [
				tables.disclosure.add(
					id,
					row,
					partner,
					purpose,
					basis,
					fields.join(' '),
					country,
					null,
					'afterwards',
					at,
					at,
					sealed,
					ctx.keys.blindIndex('disclosure', row)
				),
				tables.disclosure_count.add(id, partner, 1, at),
				...[...sums].map((sum) => tables.disclosure_flow.add(id, partner, ...sum.split(' '), 1, at, at))
			];
		},
		flush: async () => {
			for (const table of Object.values(tables)) await table.flush();
		}
	};
}

export type LightWriter = ReturnType<typeof lightWriter>;

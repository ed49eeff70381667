// The third organisation with what lies outside: loans' receipts in a shop's database, tickets in a system over HTTP.
import Database from 'better-sqlite3';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { descriptionForTest, type DescriptionForTest } from './description.ts';
import { emptyPostgres } from './empty-databases.ts';

const category = (id: string, rest: string) => `  - id: ${id}
    label: { es: ${id}, en: ${id} }
    about: { es: Lo que hay fuera., en: What lies outside. }
    group: observed
    icon: document
    purposes: [lending]
    origins: [desk]
    storage: cellar
    retention: card
${rest}`;

const field = (id: string, type: string, more = '') => `      - id: ${id}
        label: { es: ${id}, en: ${id} }
        type: ${type}
${more}`;

/** So that each engine proves of every type how it writes it. */
const ofEveryType = [
	field('note', 'long-text'),
	field('tags', 'list'),
	field('seenAt', 'instant'),
	field('mail', 'email'),
	field('phone', 'phone'),
	field('site', 'url'),
	field('cover', 'image'),
	field('shelf', 'choice', '        choices: [{ id: upper, label: { es: Arriba, en: Upper } }]\n'),
	field('land', 'country'),
	field('tongue', 'language'),
	field('zone', 'time-zone')
].join('');

const categories = [
	category(
		'orders',
		`    kind: records\n    fields:\n${field('title', 'text')}${field('amount', 'number')}${field('dueOn', 'date')}${ofEveryType}`
	),
	category(
		'membership',
		`    kind: profile\n    fields:\n${field('nickname', 'text', '        editable: true\n')}${field('joinedOn', 'date')}`
	),
	category('tickets', `    kind: records\n    fields:\n${field('subject', 'text')}${field('photo', 'image')}`)
].join('');

const sources = `sources:
  - id: shop
    label: { es: La tienda, en: The shop }
    kind: sql
    budget: { seconds: 5, rows: 20000, megabytes: 5 }
    categories:
      - category: orders
        read: |
          select customer as person, id, placed_at as at, title, amount, due_on,
            note, tags, seen_at, mail, phone, site, cover, shelf, land, tongue, zone
          from orders where customer = :person
        edit:
          - field: title
            statement: 'update orders set title = :value where customer = :person and id = :record'
      - category: membership
        read: "select customer as person, 'card' as id, joined_on as at, nickname, joined_on from members where customer = :person"
        count: 'select count(*) from members where customer = :person'
        edit:
          - field: nickname
            statement: 'update members set nickname = :value where customer = :person'
    restrict: ['update members set restricted = :on where customer = :person']
    erase:
      - 'delete from orders where customer = :person'
      - 'delete from members where customer = :person'
    plant:
      - "insert into members (customer, nickname, joined_on) values (:person, 'canary', '2026-01-01')"
  - id: crm
    label: { es: La mesa de ayuda, en: The help desk }
    kind: http
    budget: { seconds: 5, rows: 20000, megabytes: 5 }
    categories:
      - category: tickets
        edit: [{ field: subject }]
    can: [restrict, erase, plant]
`;

/** The statements that make the shop's tables, for every engine. */
export const shopTables = (flag: string, instant: string): string[] => [
	`create table orders (customer varchar(64), id varchar(64), placed_at varchar(40), title text, amount numeric, due_on varchar(10),
		note text, tags text, seen_at ${instant}, mail text, phone text, site text, cover text, shelf text, land text, tongue text, zone text)`,
	`create table members (customer varchar(64) primary key, nickname text, joined_on varchar(10), restricted ${flag})`
];

/** A description; remove it afterwards. */
export function outsideOrganisation(): DescriptionForTest {
	const description = descriptionForTest();
	const { edit } = description;
	edit('organisation.yaml', 'purposes:\n  - id: lending', `${categories}purposes:\n  - id: lending`);
	edit('organisation.yaml', 'promises:', `${sources}promises:`);
	return description;
}

export interface Shop {
	url: string;
	run(statement: string, ...values: unknown[]): Promise<Record<string, unknown>[]>;
	remove(): Promise<void>;
}

/** The shop's database on the engine of the tests. */
export async function openShop(engine: 'sqlite' | 'postgres', postgresUrl: string): Promise<Shop> {
	return engine === 'sqlite' ? sqliteShop() : postgresShop(postgresUrl);
}

function sqliteShop(): Shop {
	const folder = mkdtempSync(join(tmpdir(), 'candor-shop-'));
	const file = join(folder, 'shop.db');
	const database = new Database(file);
	for (const statement of shopTables('integer', 'text')) database.exec(statement);
	return {
		url: `sqlite:${file}`,
		run: async (text, ...values) => {
			const statement = database.prepare(text.replaceAll(/\$\d+/g, '?'));
			if (statement.reader) return statement.all(...values) as Record<string, unknown>[];
			statement.run(...values);
			return [];
		},
		remove: async () => {
			database.close();
			rmSync(folder, { recursive: true, force: true });
		}
	};
}

async function postgresShop(postgresUrl: string): Promise<Shop> {
	const { url, remove } = await emptyPostgres(postgresUrl, 'shop');
	const pool = new pg.Pool({ connectionString: url, max: 2 });
	for (const statement of shopTables('boolean', 'timestamptz')) await pool.query(statement);
	return {
		url,
		run: async (text, ...values) => (await pool.query(text, values)).rows as Record<string, unknown>[],
		remove: async () => {
			await pool.end();
			await remove();
		}
	};
}

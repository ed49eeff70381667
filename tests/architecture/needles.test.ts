// A needle in every field of every keeper: none of them stands anywhere in the databases, in no column of no table.
import { existsSync, readFileSync } from 'node:fs';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import * as sessions from '../../src/lib/server/accounts/sessions.ts';
import * as audit from '../../src/lib/server/audit/audit.ts';
import type { Context } from '../../src/lib/server/context.ts';
import * as delivery from '../../src/lib/server/delivery/delivery.ts';
import * as disclosures from '../../src/lib/server/disclosures/disclosures.ts';
import type { Field } from '../../src/lib/server/organisation/organisation.ts';
import { partnersOf, fieldsOf, categoriesOf } from '../../src/lib/server/organisation/lookup.ts';
import { openDatabase } from '../../src/lib/server/platform/database/open.ts';
import * as profile from '../../src/lib/server/profile/profile.ts';
import * as records from '../../src/lib/server/records/records.ts';
import * as requests from '../../src/lib/server/requests/requests.ts';
import * as staff from '../../src/lib/server/staff/staff.ts';
import * as withdrawal from '../../src/lib/server/withdrawal/withdrawal.ts';
import { engine } from '../support/databases.ts';
import { as, somebody } from '../support/people.ts';
import { portalForTest } from '../support/portal-for-test.ts';

const portal = portalForTest({ description: 'examples/classerium' });

let planted: string[] = [];
const needle = (name: string): string => {
	const text = `Needle${planted.length}x${name.replaceAll(/[^A-Za-z]/g, '')}`;
	planted.push(text);
	return text;
};

/** A value with a needle for types that can hold one. */
function valueWithNeedle(field: Field): unknown {
	if (field.type === 'email') return `${needle(field.id).toLowerCase()}@example.com`;
	if (field.type === 'url' || field.type === 'image') return `https://example.com/${needle(field.id)}`;
	if (field.type === 'list') return [needle(field.id)];
	return field.type === 'text' || field.type === 'long-text' ? needle(field.id) : undefined;
}

const fieldsWithNeedles = (fields: readonly Field[]) =>
	Object.fromEntries(
		fields
			.map((field) => [field.id, valueWithNeedle(field)] as const)
			.filter(([, value]) => value !== undefined)
	);

async function plantEverywhere(ctx: Context): Promise<string> {
	const name = needle('username');
	const email = `${needle('email').toLowerCase()}@example.com`;
	const person = await somebody(ctx, {
		name: needle('external'),
		role: 'instructor',
		language: 'en',
		identifiers: { email, username: name }
	});
	const acting = as(ctx, person);
	for (const category of categoriesOf(ctx.organisation, person.role)) {
		const values = fieldsWithNeedles(fieldsOf(category, person.role).filter(({ identifier }) => !identifier));
		const one = { category: category.id, id: 'r-1', at: '2026-11-01T00:00:00.000Z', fields: values };
		if (category.kind === 'records')
			expect(await records.put(acting, person.id, [one])).toMatchObject({ added: 1 });
		if (category.kind === 'profile')
			await profile.set(acting, person, values as never, category.origins[0] as string);
	}
	await requests.open(acting, person, { kind: 'question', text: needle('question') });
	await audit.record(acting, person.id, 'session-started', { value: needle('audit') });
	await delivery.send(acting, person.id, {
		template: 'address-change-code',
		to: `${needle('address').toLowerCase()}@example.com`,
		values: { code: needle('code'), count: 10 }
	});
	await sessions.start(acting, person.id, { userAgent: needle('browser'), address: needle('address') }, 'en');
	const partner = partnersOf(ctx.organisation, person.role).find(({ consent }) => !consent);
	const field = partner?.fields[0];
	const named =
		field?.field ?? ctx.organisation.categories.find(({ id }) => id === field?.category)?.fields[0]?.id;
	const row = {
		partner: partner?.id as string,
		purpose: partner?.purpose as string,
		fields: [`${field?.category}.${named}`],
		reference: needle('reference')
	};
	expect(await disclosures.release(acting, person.id, [row] as never)).not.toHaveProperty('refused');
	const sam: staff.Member = { id: 'officer-sam', name: 'Sam', role: 'officer' };
	await staff.add(ctx, { ...sam, password: 'seven green lamps in a row' });
	const looking: Context = { ...ctx, actor: `staff:${sam.id}` };
	const why = { reason: 'contact', note: needle('look') } as const;
	expect(await staff.search(looking, sam, { ...why, identifier: email })).toEqual({ personId: person.id });
	expect(await staff.view(looking, sam, person.id)).not.toHaveProperty('refused');
	await withdrawal.request(acting, person, { note: needle('note') });
	return person.id;
}

/** Every value of every column of every table of a database, as bytes. */
async function everything(url: string): Promise<Buffer> {
	const db = openDatabase<Record<string, Record<string, unknown>>>(url);
	const pieces: Buffer[] = [];
	for (const { name } of await db.introspection.getTables({ withInternalKyselyTables: true })) {
		const { rows } = await sql<Record<string, unknown>>`select * from ${sql.table(name)}`.execute(db);
		for (const value of rows.flatMap((row) => Object.values(row)))
			pieces.push(Buffer.isBuffer(value) ? value : Buffer.from(String(value)));
	}
	await db.destroy();
	return Buffer.concat(pieces);
}

test('nothing that was planted can be read in the databases, and all of it by the person', async () => {
	planted = [];
	const ctx = portal.as();
	const personId = await plantEverywhere(ctx);
	expect(planted.length).toBeGreaterThan(30);

	const urls = [portal.settings.databaseUrl, portal.settings.keysUrl];
	const haystack = [...(await Promise.all(urls.map(everything)))];
	if (engine === 'sqlite') {
		const files = urls.map((url) => url.slice('sqlite:'.length)).flatMap((file) => [file, `${file}-wal`]);
		haystack.push(...files.filter(existsSync).map((file) => readFileSync(file)));
	}
	const all = Buffer.concat(haystack);
	expect(all.includes(personId)).toBe(true);
	for (const text of planted)
		for (const form of [text, text.toLowerCase()])
			expect(all.includes(form), `${text} lies in the clear`).toBe(false);

	const held: string[] = [];
	for (const contract of ctx.contracts)
		for (const part of await contract.collect(ctx, personId))
			for await (const rows of part.pages()) held.push(JSON.stringify(rows));
	// A browser is told by its name, and a letter's words leave with it: everything else that is held is shown.
	const hidden = /browser|code|address/;
	for (const text of planted)
		if (!hidden.test(text)) expect(held.join().toLowerCase(), text).toContain(text.toLowerCase());
});

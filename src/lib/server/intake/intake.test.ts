import { describe, expect, test } from 'vitest';
import { portalForTest } from '../../../../tests/support/portal-for-test.ts';
import { find, lookUp } from '../accounts/accounts.ts';
import * as audit from '../audit/audit.ts';
import type { Context } from '../context.ts';
import { values } from '../profile/profile.ts';
import * as records from '../records/records.ts';
import {
	csvLines,
	disclosures,
	ndjsonLines,
	people,
	records as putRecords,
	type Line,
	type Outcome
} from './intake.ts';

const portal = portalForTest({ description: 'tests/support/third-organisation' });

async function* inChunks(text: string, size = 7) {
	const bytes = Buffer.from(text);
	for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size);
}

async function all(outcomes: AsyncIterable<Outcome>): Promise<Outcome[]> {
	const list: Outcome[] = [];
	for await (const outcome of outcomes) list.push(outcome);
	return list;
}

const ndjson = (...values: unknown[]): AsyncGenerator<Line> =>
	ndjsonLines(
		inChunks(values.map((value) => (typeof value === 'string' ? value : JSON.stringify(value))).join('\n'))
	);

const alice = {
	externalId: 'alice',
	role: 'reader',
	language: 'es',
	timeZone: 'Europe/Madrid',
	country: 'ES',
	identifiers: { email: 'Alice@example.com' },
	profile: { shelf: 'poetry' }
};

const idOf = async (ctx: Context, email: string) => (await lookUp(ctx, email))?.personId as string;

async function everything(ctx: Context): Promise<string> {
	const tables = [
		'person',
		'identifier',
		'profileValue',
		'record',
		'recordCount',
		'auditEvent',
		'disclosure',
		'disclosureCount',
		'guardian'
	] as const;
	const rows = [];
	for (const table of tables)
		rows.push(await ctx.db.selectFrom(table).selectAll().orderBy('personId').execute());
	return JSON.stringify(rows);
}

describe('people', () => {
	test('a person of the file is in, with what the file says of them', async () => {
		const ctx = portal.as();
		expect(await all(people(ctx, ndjson(alice)))).toEqual([{ line: 1, done: 'added', person: 'alice' }]);
		const id = await idOf(ctx, 'alice@example.com');
		const held = await values(ctx, { id, role: 'reader' });
		expect(held.get('shelf')).toMatchObject({ value: 'poetry', origin: 'desk' });
		expect(held.get('email')?.value).toBe('alice@example.com');
	});

	test('the same file again writes nothing at all, not even into the history', async () => {
		const ctx = portal.as();
		const before = await everything(ctx);
		expect(await all(people(ctx, ndjson(alice)))).toEqual([{ line: 1, done: 'unchanged', person: 'alice' }]);
		expect(await everything(ctx)).toBe(before);
	});

	test('a changed value replaces, a null erases, and the person can see that it happened', async () => {
		const ctx = portal.as();
		const changed = {
			...alice,
			timeZone: 'Europe/Lisbon',
			identifiers: { email: 'alice.new@example.com' },
			profile: { shelf: null }
		};
		expect(await all(people(ctx, ndjson(changed)))).toEqual([{ line: 1, done: 'changed', person: 'alice' }]);
		const id = await idOf(ctx, 'alice.new@example.com');
		expect((await values(ctx, { id, role: 'reader' })).has('shelf')).toBe(false);
		expect(await lookUp(ctx, 'alice@example.com')).toBeUndefined();
		const kinds = (await audit.page(ctx, id, undefined, 10)).map(({ kind }) => kind);
		expect(kinds).toContain('account-updated');
	});

	test('bad lines are told by number and code, never by value, and the good ones go in', async () => {
		const outcomes = await all(
			people(
				portal.as(),
				ndjson(
					{ ...alice, externalId: 'bob', identifiers: { email: 'bob@example.com' } },
					'{not json',
					{ ...alice, externalId: 'someone@example.com' },
					{ ...alice, externalId: '+34 600 000 000' },
					{ ...alice, externalId: 'c1', role: 'wizard', identifiers: { email: 'c1@example.com' } },
					{ ...alice, externalId: 'c2', language: 'fr', identifiers: { email: 'c2@example.com' } },
					{ ...alice, externalId: 'c3', country: 'QQ', identifiers: { email: 'c3@example.com' } },
					{
						...alice,
						externalId: 'c4',
						identifiers: { email: 'c4@example.com' },
						profile: { shoeSize: '43' }
					},
					{ ...alice, externalId: 'c5', identifiers: { email: 'BOB@example.com' } },
					{ ...alice, externalId: 'c6', identifiers: {} },
					{ ...alice, externalId: 'c7', identifiers: { email: 'c7@example.com' }, password: 'secret' },
					{
						...alice,
						externalId: 'c8',
						identifiers: { email: 'c8@example.com' },
						profile: { shelf: 'a\0b' }
					},
					'[]',
					'',
					{ ...alice, externalId: 'dora', identifiers: { email: 'dora@example.com' } }
				)
			)
		);
		expect(outcomes.filter((outcome) => 'done' in outcome)).toEqual([
			{ line: 1, done: 'added', person: 'bob' },
			{ line: 15, done: 'added', person: 'dora' }
		]);
		expect(
			outcomes.flatMap((outcome) =>
				'refused' in outcome ? [`${outcome.line} ${outcome.refused} ${outcome.field ?? ''}`.trim()] : []
			)
		).toEqual([
			'2 not-json',
			'3 external-id-invalid externalId',
			'4 external-id-invalid externalId',
			'5 role-unknown role',
			'6 language-unknown language',
			'7 country-unknown country',
			'8 field-unknown profile.shoeSize',
			'9 identifier-taken identifiers.email',
			'10 identifier-required identifiers.email',
			'11 member-unknown password',
			'12 nul profile.shelf',
			'13 wrong'
		]);
		expect(JSON.stringify(outcomes)).not.toContain('example.com');
	});

	test('a birthday or country that is put right decides anew whether a child waits for consent', async () => {
		const ctx = portal.as();
		const child = { ...alice, externalId: 'nino', identifiers: { email: 'nino@example.com' } };
		const stateAs = async (given: object) => {
			expect(await all(people(ctx, ndjson({ ...child, ...given })))).toMatchObject([
				{ line: 1, person: 'nino' }
			]);
			return (await find(ctx, await idOf(ctx, 'nino@example.com')))?.state;
		};
		expect(await stateAs({ bornOn: '2000-01-01' })).toBe('active');
		expect(await stateAs({ bornOn: '2013-06-01' })).toBe('awaiting-consent');
		expect(await stateAs({ bornOn: '2013-06-01', country: 'PT' })).toBe('active');
		expect(await stateAs({ bornOn: '2013-06-01', country: 'ES' })).toBe('awaiting-consent');
		expect(await stateAs({ bornOn: '2001-06-01' })).toBe('active');
	});

	test('an email-like or phone-like external id is refused even where its letters would pass', async () => {
		const [outcome] = await all(
			people(
				portal.as(),
				ndjson({ ...alice, externalId: '34600000000', identifiers: { email: 'p@example.com' } })
			)
		);
		expect(outcome).toMatchObject({ refused: 'external-id-invalid' });
	});

	test('a guardian may come later in the same file; one that never comes is told', async () => {
		const ctx = portal.as();
		const child = {
			...alice,
			externalId: 'kid',
			identifiers: { email: 'kid@example.com' },
			guardians: ['mother']
		};
		const mother = { ...alice, externalId: 'mother', identifiers: { email: 'mother@example.com' } };
		const lost = {
			...alice,
			externalId: 'lost',
			identifiers: { email: 'lost@example.com' },
			guardians: ['nobody']
		};
		const outcomes = await all(people(ctx, ndjson(child, mother, lost)));
		expect(outcomes.at(-1)).toEqual({ line: 3, refused: 'guardian-unknown', field: 'guardians.0' });
		const rows = await ctx.db.selectFrom('guardian').select(['personId', 'guardianId']).execute();
		expect(rows).toEqual([
			{ personId: await idOf(ctx, 'kid@example.com'), guardianId: await idOf(ctx, 'mother@example.com') }
		]);
		const before = await everything(ctx);
		await all(people(ctx, ndjson(child, mother, lost)));
		expect(await everything(ctx)).toBe(before);
	});

	test('somebody who was erased does not come back by an import, unless they signed up anew', async () => {
		const ctx = portal.as();
		await ctx.keys.birth('gone-id');
		await ctx.keys.destroy({ personId: 'gone-id', refuse: [{ kind: 'external', value: 'gone' }] });
		const gone = { ...alice, externalId: 'gone', identifiers: { email: 'gone@example.com' } };
		expect(await all(people(ctx, ndjson(gone)))).toEqual([{ line: 1, refused: 'person-erased' }]);
		expect(await all(people(ctx, ndjson({ ...gone, signedUpAnew: true })))).toMatchObject([
			{ done: 'added' }
		]);
	});

	test('a spreadsheet says the same with dots, quotes and a byte order mark', async () => {
		const ctx = portal.as();
		const csv =
			'\ufeffexternalId,role,language,timeZone,country,identifiers.email,profile.shelf,guardians\r\nrita,reader,es,Europe/Madrid,ES,rita@example.com,"history","alice bob"\r\nx,"a ""quoted""\nrole",es,Europe/Madrid,ES,x@example.com,,\r\nsven,reader,en,Europe/Madrid,ES,sven@example.com,,,too many\r\n';
		const outcomes = await all(people(ctx, csvLines(inChunks(csv))));
		expect(outcomes).toMatchObject([
			{ line: 2, done: 'added' },
			{ line: 3, refused: 'role-unknown' },
			{ line: 5, refused: 'not-csv' },
			{ line: 2, done: 'changed' }
		]);
		expect(
			(await values(ctx, { id: await idOf(ctx, 'rita@example.com'), role: 'reader' })).get('shelf')?.value
		).toBe('history');
	});

	test('broken bytes are a problem of their line alone', async () => {
		async function* bytes() {
			yield Buffer.from([0x22, 0xff, 0xfe, 0x22, 0x0a]);
			yield Buffer.from(`${JSON.stringify(alice)}\n${'x'.repeat(1_500_000)}\n${JSON.stringify(alice)}`);
		}
		expect(await all(people(portal.as(), ndjsonLines(bytes())))).toMatchObject([
			{ line: 1, refused: 'not-utf8' },
			{ line: 2 },
			{ line: 3, refused: 'too-long' },
			{ line: 4 }
		]);
	});
});

describe('records', () => {
	const loan = {
		person: 'alice',
		category: 'loans',
		id: 'l-1',
		at: '2026-03-01T10:00:00Z',
		title: 'Campos de Castilla',
		dueOn: '2026-03-22'
	};

	test('go to whom they name; the same id again replaces; wrong ones are told', async () => {
		const ctx = portal.as();
		const outcomes = await all(
			putRecords(
				ctx,
				ndjson(
					loan,
					{ ...loan, title: 'Platero y yo' },
					{ ...loan, person: 'nobody-1' },
					{ ...loan, id: 'l-2', colour: 'red' },
					{ ...loan, category: 'card' },
					{ ...loan, id: 'l-3', at: 'soon' }
				)
			)
		);
		expect(outcomes.map((outcome) => ('refused' in outcome ? outcome.refused : outcome.done))).toEqual([
			'added',
			'replaced',
			'person-unknown',
			'field-unknown',
			'category-unknown',
			'not-date'
		]);
		const page = await records.page(
			ctx,
			{ id: await idOf(ctx, 'alice@example.com'), role: 'reader' },
			'loans',
			{ limit: 10 }
		);
		expect('records' in page && page.records.map(({ fields }) => fields.title)).toEqual(['Platero y yo']);
	});
});

describe('disclosures', () => {
	const row = {
		person: 'alice',
		partner: 'bindery',
		fields: ['loans.title'],
		purpose: 'lending',
		at: '2026-05-01T09:00:00Z',
		reference: 'B-7'
	};

	test('stand in the ledger once, however often the file comes', async () => {
		const ctx = portal.as();
		expect(await all(disclosures(ctx, ndjson(row)))).toMatchObject([
			{ done: 'added', row: { released: ['loans.title'], recorded: 'afterwards' } }
		]);
		expect(await all(disclosures(ctx, ndjson(row, { ...row, at: '2026-05-02' })))).toMatchObject([
			{ done: 'unchanged' },
			{ done: 'added' }
		]);
		const counts = await ctx.db.selectFrom('disclosureCount').selectAll().execute();
		expect(counts).toMatchObject([
			{ partner: 'bindery', disclosures: 2, lastAt: '2026-05-02T00:00:00.000Z' }
		]);
		const ledger = await ctx.db.selectFrom('disclosure').select(['recorded', 'basis', 'country']).execute();
		expect(ledger).toEqual([
			{ recorded: 'afterwards', basis: 'contract', country: 'ES' },
			{ recorded: 'afterwards', basis: 'contract', country: 'ES' }
		]);
	});

	test('are refused field by field for an unknown purpose, partner or field, all or nothing', async () => {
		const ctx = portal.as();
		const outcomes = await all(
			disclosures(
				ctx,
				ndjson(
					{ ...row, purpose: 'fun' },
					{ ...row, partner: 'stranger' },
					{ ...row, purpose: 'suggestions' },
					{ ...row, fields: ['loans.title', 'loans.dueOn', 'x'] },
					{ ...row, at: '2026-05-03', fields: ['loans.title', 'x'], partial: true }
				)
			)
		);
		expect(outcomes.slice(0, 4).map((outcome) => ('refused' in outcome ? outcome.fields : outcome))).toEqual([
			[{ field: 'loans.title', code: 'purpose-unknown' }],
			[{ field: 'loans.title', code: 'partner-unknown' }],
			[{ field: 'loans.title', code: 'purpose-not-of-partner' }],
			[
				{ field: 'loans.dueOn', code: 'field-not-covered' },
				{ field: 'x', code: 'field-unknown' }
			]
		]);
		expect(outcomes[4]).toMatchObject({
			done: 'added',
			row: { released: ['loans.title'] },
			partly: [{ field: 'x', code: 'field-unknown' }]
		});
	});
});

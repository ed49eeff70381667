// The gate against what it cannot do without: the rows that it writes.
import Database from 'better-sqlite3';
import { randomBytes } from 'node:crypto';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { find } from '../../src/lib/server/accounts/people.ts';
import * as consents from '../../src/lib/server/consents/consents.ts';
import type { Context } from '../../src/lib/server/context.ts';
import * as disclosures from '../../src/lib/server/disclosures/disclosures.ts';
import { directory, recipientOf, type Recipient } from '../../src/lib/server/partners/partners.ts';
import * as tokens from '../../src/lib/server/tokens/tokens.ts';
import { median, rates } from './load.ts';
import { cookieOf, somePeople, within } from './people.ts';
import { candor, startPortal, type Running } from './processes.ts';
import type { Bench, Table } from './run.ts';

const batch = 1_000;
const turns = 5;
const manyRows = 20_000;
/** Fewer than usual: pages with a ledger and writes are slow enough for the engine to compile them early. */
const warmUp = 300;
const fewRows = 100;

interface Prepared {
	externalIds: string[];
	token: string;
	partner: Recipient;
	fields: string[];
	few: string;
	many: string;
}

export const bench: Bench = async () => {
	const folder = mkdtempSync(join(tmpdir(), 'candor-bench-'));
	candor(folder, 'generate', '--people', `${batch + 50}`, '--light');
	const prepared = await within(folder, prepare);
	const bare = bareRows(folder);
	const portal = await startPortal(folder);
	try {
		// The batches last: the tens of thousands of events that they leave keep the worker busy for a while.
		const ledger = await pages(portal, prepared);
		const one = await single(portal, prepared);
		return [await batches(portal, prepared, bare), one, ledger];
	} finally {
		await portal.stop();
		rmSync(folder, { recursive: true, force: true });
	}
};

/** People who agreed to a partner, one with few rows in the ledger and one with very many. */
async function prepare(ctx: Context): Promise<Prepared> {
	const people = (await Promise.all((await somePeople(ctx, batch + 50)).map((id) => find(ctx, id)))).filter(
		(person) => person !== undefined && person.state === 'active'
	);
	const role = people[0]?.role as string;
	const recipients = directory(ctx.organisation, role).flatMap(({ recipients }) => recipients);
	const partner = recipients.find(
		(one) => one.partner.consent && one.partner.kind !== 'research'
	) as Recipient;
	const chosen = people.filter((person) =>
		recipientOf(ctx.organisation, partner.partner.id, person?.role ?? '')
	);
	for (const person of chosen)
		if (person)
			await consents.grant(ctx, { ...person, country: 'KR', bornOn: undefined }, partner.partner.id, {
				language: 'en'
			});
	const made = await tokens.add(ctx, { name: 'bench', scopes: ['disclosures:write'] });
	const [few, many] = [chosen.at(-1)?.id as string, chosen.at(-2)?.id as string];
	const fields = partner.fields.slice(0, 2);
	await fill(ctx, few, fewRows, partner, fields);
	await fill(ctx, many, manyRows, partner, fields);
	return {
		externalIds: chosen.slice(0, -2).flatMap((person) => person?.externalId ?? []),
		token: 'token' in made ? made.token : '',
		partner,
		fields,
		few: await cookieOf(ctx, few),
		many: await cookieOf(ctx, many)
	};
}

async function fill(ctx: Context, personId: string, rows: number, { partner }: Recipient, fields: string[]) {
	const { id, purpose } = partner;
	for (let start = 0; start < rows; start += 1_000)
		await disclosures.release(
			ctx,
			personId,
			Array.from({ length: Math.min(1_000, rows - start) }, (_, index) => ({
				partner: id,
				purpose,
				fields,
				at: new Date(Date.UTC(2020, 0, 1) + (start + index) * 60_000)
			}))
		);
}

/** A copy of the same database, filled by the driver alone: a row of the ledger and one of the audit each, in one transaction. */
function bareRows(folder: string): (people: number) => number {
	const file = join(folder, 'bare.db');
	copyFileSync(join(folder, 'portal.db'), file);
	const database = new Database(file);
	for (const pragma of [
		'journal_mode = WAL',
		'synchronous = NORMAL',
		'secure_delete = ON',
		'cache_size = -32000'
	])
		database.pragma(pragma);
	const ids = database.prepare(`select person_id from person limit ${batch}`).pluck().all();
	const statement = (table: string, columns: string) =>
		database.prepare(`insert into ${table} (${columns}) values (${columns.replaceAll(/\w+/g, '?')})`);
	const ledger = statement(
		'disclosure',
		'person_id, id, partner, purpose, basis, fields, country, consent_version, recorded, at, recorded_at, sealed, dedupe'
	);
	const audit = statement('audit_event', 'person_id, id, kind, actor, at, sealed, number, commitment');
	const id = () => randomBytes(18).toString('hex');
	const at = '2026-11-22T09:00:00.000Z';
	const said = [
		'google-analytics',
		'analytics',
		'consent',
		'visits.ipAddress visits.visitedAt',
		'US',
		'0123456789ab'
	];
	let number = 1_000_000;
	const rowsOf = (people: number) =>
		Array.from({ length: batch }, (_, index) => [
			[ids[index % people], id(), ...said, 'released', at, at, randomBytes(90), randomBytes(32)],
			[
				ids[index % people],
				id(),
				'disclosure-released',
				'system:1',
				at,
				randomBytes(70),
				++number,
				randomBytes(32)
			]
		]);
	const write = database.transaction((rows: ReturnType<typeof rowsOf>) => {
		for (const [disclosure = [], event = []] of rows) {
			ledger.run(...disclosure);
			audit.run(...event);
		}
	});
	return (people) => {
		const rows = rowsOf(people);
		const begun = performance.now();
		write(rows);
		return batch / ((performance.now() - begun) / 1_000);
	};
}

const lineOf = (person: string, { partner }: Recipient, fields: string[]) =>
	JSON.stringify({ person, partner: partner.id, purpose: partner.purpose, fields });

async function batchRate({ address }: Running, { token }: Prepared, lines: string[]): Promise<number> {
	const begun = performance.now();
	const response = await fetch(`${address}/api/v1/disclosures:batch`, {
		method: 'POST',
		headers: { authorization: `Bearer ${token}`, 'content-type': 'application/x-ndjson' },
		body: lines.join('\n')
	});
	const answers = (await response.text()).trim().split('\n');
	const seconds = (performance.now() - begun) / 1_000;
	const released = answers.filter((line) => line.includes('"recorded":"released"')).length;
	if (released !== lines.length) throw new Error(`${released} of ${lines.length} went out: ${answers[0]}`);
	return lines.length / seconds;
}

async function batches(
	portal: Running,
	prepared: Prepared,
	bare: (people: number) => number
): Promise<Table> {
	const { externalIds, partner, fields } = prepared;
	const linesFor = (people: number) =>
		Array.from({ length: batch }, (_, index) =>
			lineOf(externalIds[index % people] as string, partner, fields)
		);
	const rows: (string | number)[][] = [];
	for (const people of [Math.min(batch, externalIds.length), 10]) {
		const lines = linesFor(people);
		const measured = { bare: [] as number[], gate: [] as number[] };
		for (let turn = -2; turn < turns; turn++) {
			const rate = { bare: bare(people), gate: await batchRate(portal, prepared, lines) };
			if (turn < 0) continue;
			measured.bare.push(rate.bare);
			measured.gate.push(rate.gate);
		}
		const [gate, inserts] = [median(measured.gate), median(measured.bare)];
		const each =
			people < batch
				? `${people} people, ${Math.round(batch / people)} times each`
				: `${people} people, once each`;
		rows.push([each, Math.round(gate), Math.round(inserts), (gate / inserts).toFixed(2), '≥ 0.20, aim 0.40']);
	}
	return {
		title: 'The gate, a batch of 1,000',
		columns: ['over HTTP, answered line by line', 'disclosures/s', 'bare inserts/s', 'ratio', 'asked'],
		rows,
		note: `Medians of ${turns} turns. Bare: a row of the ledger and one of the audit for the same people into a copy of the same database, by better-sqlite3 alone, in one transaction.`
	};
}

async function single(
	{ address }: Running,
	{ token, externalIds, partner, fields }: Prepared
): Promise<Table> {
	const measured = await rates(
		[
			{ name: 'ready', url: `${address}/health/ready` },
			{
				name: 'gate',
				url: `${address}/api/v1/disclosures`,
				method: 'POST',
				headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
				body: lineOf(externalIds[0] as string, partner, fields)
			}
		],
		warmUp
	);
	const of = (name: string) => measured.get(name) ?? Number.NaN;
	return {
		title: 'The gate, one decision at a time',
		columns: ['with 16 connections', 'requests/s', 'of `/health/ready`', 'asked'],
		rows: [
			['`/health/ready`', Math.round(of('ready')), '1.00', ''],
			['`POST /api/v1/disclosures`', Math.round(of('gate')), (of('gate') / of('ready')).toFixed(2), '≥ 0.25']
		]
	};
}

async function pages({ address }: Running, { few, many }: Prepared): Promise<Table> {
	const measured = await rates(
		[
			{ name: 'few', url: `${address}/sharing`, cookie: few },
			{ name: 'many', url: `${address}/sharing`, cookie: many }
		],
		warmUp
	);
	const milliseconds = (name: string) => 16_000 / (measured.get(name) ?? Number.NaN);
	return {
		title: 'The page of the ledger',
		columns: ['', 'ms with 16 connections', 'ratio', 'asked'],
		rows: [
			[`${fewRows} transfers`, milliseconds('few').toFixed(1), '1.00', ''],
			[
				`${manyRows.toLocaleString('en')} transfers`,
				milliseconds('many').toFixed(1),
				(milliseconds('many') / milliseconds('few')).toFixed(2),
				'≤ 1.3'
			]
		]
	};
}

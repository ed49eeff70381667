// A file that is taken in, broken off and taken in again: in the end everything is there once.
import assert from 'node:assert/strict';
import { createReadStream, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findByExternalId } from '../../../src/lib/server/accounts/accounts.ts';
import * as audit from '../../../src/lib/server/audit/audit.ts';
import type { Context } from '../../../src/lib/server/context.ts';
import {
	disclosures,
	ndjsonLines,
	people,
	records,
	type Line,
	type Outcome
} from '../../../src/lib/server/intake/intake.ts';
import { scenario, type World } from './scenario.ts';

interface Given {
	people: number;
	recordsEach: number;
	disclosuresEach: number;
}

type Intake = (ctx: Context, lines: AsyncIterable<Line>) => AsyncIterable<Outcome>;
const intakes: Record<string, Intake> = { people, records, disclosures };

const fileOf = (ctx: Context, kind: string) => join(ctx.settings.dataFolder, `${kind}.ndjson`);
const range = (count: number) => Array.from({ length: count }, (_, number) => number);

function linesOf(kind: string, number: number, { recordsEach, disclosuresEach }: Given): object[] {
	const person = `reader-${number}`;
	const place = { language: 'en', timeZone: 'Europe/Madrid', country: 'ES' };
	if (kind === 'people')
		return [
			{ externalId: person, role: 'reader', ...place, identifiers: { email: `${person}@example.com` } }
		];
	const at = (index: number) => `2026-10-0${1 + (index % 9)}T10:00:00Z`;
	if (kind === 'records')
		return range(recordsEach).map((index) => ({
			...{ person, category: 'loans', id: `loan-${index}`, at: at(index) },
			...{ title: `Title ${index}`, dueOn: '2026-12-01' }
		}));
	return range(disclosuresEach).map((index) => ({
		...{ person, partner: 'bindery', purpose: 'lending', fields: ['loans.title'], at: at(index) }
	}));
}

async function prepare({ ctx, random }: World): Promise<Given> {
	const given = { people: 300, recordsEach: random.whole(3, 8), disclosuresEach: random.whole(1, 3) };
	mkdirSync(ctx.settings.dataFolder, { recursive: true });
	for (const kind of Object.keys(intakes)) {
		const lines = range(given.people).flatMap((number) => linesOf(kind, number, given));
		writeFileSync(fileOf(ctx, kind), lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
	}
	return given;
}

async function drive(ctx: Context): Promise<void> {
	for (const [kind, takeIn] of Object.entries(intakes))
		for await (const outcome of takeIn(ctx, ndjsonLines(createReadStream(fileOf(ctx, kind)))))
			assert.ok('done' in outcome, JSON.stringify(outcome));
}

async function countOf(ctx: Context, table: 'person' | 'record' | 'disclosure'): Promise<number> {
	const { rows } = await ctx.db
		.selectFrom(table)
		.select((build) => build.fn.countAll<number>().as('rows'))
		.executeTakeFirstOrThrow();
	return Number(rows);
}

async function check({ ctx }: World, given: Given): Promise<void> {
	assert.equal(await countOf(ctx, 'person'), given.people);
	assert.equal(await countOf(ctx, 'record'), given.people * given.recordsEach);
	assert.equal(await countOf(ctx, 'disclosure'), given.people * given.disclosuresEach);
	const counted = await ctx.db.selectFrom('recordCount').select('records').execute();
	assert.deepEqual(
		counted.map(({ records }) => records),
		range(given.people).map(() => given.recordsEach)
	);
	const told = await ctx.db.selectFrom('disclosureCount').select('disclosures').execute();
	assert.deepEqual(
		told.map((row) => row.disclosures),
		range(given.people).map(() => given.disclosuresEach)
	);
	for (const number of range(given.people)) {
		const person = await findByExternalId(ctx, `reader-${number}`);
		assert.ok(person, `reader-${number} is missing`);
		const events = await audit.page(ctx, person.id, undefined, 100);
		assert.equal(events.filter(({ kind }) => kind === 'account-imported').length, 1);
	}
}

export const intake = scenario<Given>({ name: 'intake', prepare, drive, check });

// `candor import`: people, records or disclosures from a file; wrong lines are told, the good ones go in.
import type { Command } from 'commander';
import { createReadStream, statSync } from 'node:fs';
import { basename, extname } from 'node:path';
import type { Context } from '../lib/server/context.ts';
import {
	blocks,
	csvLines,
	disclosures,
	ndjsonLines,
	people,
	records,
	type Bytes,
	type Line,
	type Outcome
} from '../lib/server/intake/intake.ts';
import { answer, wantsJson } from './answer.ts';
import { addImportExport } from './import-export.ts';
import { progressOf, type Progress } from './progress.ts';
import { Refused } from './refused.ts';
import { sentenceOf } from './sentences.ts';
import { withPortal } from './with-portal.ts';

type Intake = (ctx: Context, lines: AsyncIterable<Line>) => AsyncIterable<Outcome>;

const kinds: Record<string, { intake: Intake; about: string }> = {
	people: {
		intake: people,
		about: 'People: new ones are registered, known ones brought up to date. No password is imported.'
	},
	records: { intake: records, about: 'Records: the same person, category and id again replaces.' },
	disclosures: {
		intake: disclosures,
		about: 'Disclosures of the past, into the ledgers of the people they name.'
	},
	blocks: {
		intake: blocks,
		about:
			'A carrier’s list of addresses that told it to stop (channel, address, at): nothing goes there any more.'
	}
};

export function addImport(program: Command): void {
	const group = program
		.command('import')
		.description(
			'Take in people, records, disclosures or a carrier’s list from a file, or an export of another portal.'
		);
	for (const [name, { intake, about }] of Object.entries(kinds))
		group
			.command(name)
			.description(`${about} Running it twice changes nothing.`)
			.argument(
				'<file>',
				'an .ndjson file (a JSON object a line) or a .csv file (columns with dots, such as profile.name)'
			)
			.action((file: string, _, command: Command) => run(intake, file, command));
	addImportExport(group);
}

const formats: Record<string, (bytes: Bytes) => AsyncIterable<Line>> = {
	'.ndjson': ndjsonLines,
	'.jsonl': ndjsonLines,
	'.csv': csvLines
};

function sizeOf(file: string): number {
	try {
		return statSync(file).size;
	} catch {
		throw new Refused([`There is no file ${file}.`], 2);
	}
}

async function* counted(file: string, progress: (read: number) => void): AsyncGenerator<Uint8Array> {
	let read = 0;
	for await (const chunk of createReadStream(file) as AsyncIterable<Uint8Array>) {
		read += chunk.length;
		progress(read);
		yield chunk;
	}
}

async function run(intake: Intake, file: string, command: Command): Promise<void> {
	const read = formats[extname(file).toLowerCase()];
	if (!read) throw new Refused([`${basename(file)}: the name must end in .ndjson or .csv.`], 2);
	const size = sizeOf(file);
	const progress = progressOf(size);
	const totals: Record<string, number> = {};
	const refused = await withPortal((ctx) =>
		takeIn(intake(ctx, read(counted(file, (done) => progress.show(done, said(totals))))), totals, {
			file,
			command,
			progress
		})
	);
	progress.end();
	answer(command, { file: basename(file), ...totals, refused }, [
		`${basename(file)}: ${said({ ...totals, refused })}.`
	]);
	if (refused) throw new Refused([]);
}

const said = (totals: Record<string, number>): string =>
	Object.entries(totals)
		.map(([name, count]) => `${count} ${name}`)
		.join(', ') || 'nothing';

/** Tells every refusal as it comes, and counts the rest; memory does not grow with the file. */
async function takeIn(
	outcomes: AsyncIterable<Outcome>,
	totals: Record<string, number>,
	{ file, command, progress }: { file: string; command: Command; progress: Progress }
): Promise<number> {
	let refused = 0;
	for await (const outcome of outcomes) {
		if ('done' in outcome) {
			totals[outcome.done] = (totals[outcome.done] ?? 0) + 1;
			continue;
		}
		refused++;
		progress.end();
		if (wantsJson(command)) console.error(JSON.stringify(outcome));
		else for (const line of told(basename(file), outcome)) console.error(line);
	}
	return refused;
}

function told(
	file: string,
	{ line, refused, field, fields }: Extract<Outcome, { refused: string }>
): string[] {
	const about = field ? ` (${field})` : '';
	const each = (fields ?? []).map((one) => `    ${one.field}: ${one.code}, ${sentenceOf(one.code)}`);
	return [`${file}:${line}  ${refused}${about}: ${sentenceOf(refused)}`, ...each];
}

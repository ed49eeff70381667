// May-contact: ten thousand answers at once, against the look-ups alone that any answer takes.
import Database from 'better-sqlite3';
import { createHmac, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Context } from '../../src/lib/server/context.ts';
import * as preferences from '../../src/lib/server/preferences/preferences.ts';
import { readQuestions, written } from '../../src/routes/api/v1/may-contact[x+3a]batch/lines.ts';
import { median } from './load.ts';
import { isFull, within } from './people.ts';
import { candor } from './processes.ts';
import type { Bench } from './run.ts';

const people = isFull ? 1_000_000 : 50_000;
const changesEach = 10;
const batch = 10_000;
const turns = 5;
const at = '2026-11-01T09:00:00.000Z';

const externalId = (number: number) => `member-${number}`;
const idOf = (number: number, low: number) =>
	`00000001-${number
		.toString(16)
		.padStart(8, '0')
		.replace(/(.{4})(.{4})/, '$1-$2')}-8000-${low.toString(16).padStart(12, '0')}`;

interface Choices {
	role: string;
	cells: { channel: string; topic: string }[];
}

/** Choices of the first role; half of them are essential or default on, as described. */
function choicesOf({ organisation }: Context): Choices {
	const role = organisation.roles[0]?.id ?? '';
	const topics = organisation.topics.filter(
		({ roles, essential }) => !essential && (roles?.includes(role) ?? true)
	);
	return {
		role,
		cells: topics.flatMap(({ id: topic, channels }) => channels.map((channel) => ({ channel, topic })))
	};
}

/** People and their ledger by the driver alone: sealed values are never opened by an answer. */
function fill(folder: string, ctx: Context, { role, cells }: Choices): void {
	const database = new Database(join(folder, 'portal.db'));
	for (const pragma of ['journal_mode = WAL', 'synchronous = OFF', 'cache_size = -200000'])
		database.pragma(pragma);
	const sealed = randomBytes(60);
	const person = database.prepare(
		`insert into person (person_id, role, state, language, time_zone, country, sealed, created_at)
		values (?, ?, 'active', 'en', 'Asia/Seoul', 'ES', ?, ?)`
	);
	const identifier = database.prepare(
		`insert into identifier (person_id, kind, blind, sealed, verified_at, changed_at, use) values (?, ?, ?, ?, ?, ?, 'contact')`
	);
	const change = database.prepare(
		`insert into preference_change (person_id, id, channel, topic, allowed, origin, change_set, at)
		values (?, ?, ?, ?, ?, 'page', ?, ?)`
	);
	const some = database.transaction((from: number, to: number) => {
		for (let number = from; number < to; number++) {
			const id = idOf(number, 0);
			person.run(id, role, sealed, at);
			identifier.run(id, 'external', ctx.keys.blindIndex('external', externalId(number)), sealed, at, at);
			identifier.run(id, 'email', createHmac('sha256', 'email').update(id).digest(), sealed, at, at);
			for (let turn = 0; turn < changesEach; turn++) {
				const { channel, topic } = cells[(number + turn) % cells.length] as Choices['cells'][number];
				change.run(id, idOf(number, turn + 1), channel, topic, (number + turn) % 3 ? 1 : 0, id, at);
			}
		}
	});
	for (let from = 0; from < people; from += 10_000) some(from, Math.min(people, from + 10_000));
	database.pragma('wal_checkpoint(TRUNCATE)');
	database.close();
}

type Questions = { person: string; channel: string; topic: string }[];

/** Of everybody's choices any ten thousand, far apart. */
function questionsOf({ cells }: Choices, turn: number): Questions {
	return Array.from({ length: batch }, (_, index) => {
		const number = (index * 7_919 + turn * 104_729) % people;
		return {
			person: externalId(number),
			...(cells[(number + (index % changesEach)) % cells.length] as Choices['cells'][number])
		};
	});
}

/** One prepared statement, kept with its connection and run for each question: whose, and what was said last. */
function bareLookUps(folder: string, ctx: Context): (questions: Questions) => number {
	const database = new Database(join(folder, 'portal.db'), { readonly: true });
	database.pragma('cache_size = -32000');
	const statement = database.prepare(
		`select change.allowed, change.at from identifier
		join preference_change as change on change.person_id = identifier.person_id
		where identifier.kind = 'external' and identifier.blind = ? and change.channel = ? and change.topic = ?
		order by change.id desc limit 1`
	);
	return (questions) => {
		const asked = questions.map(({ person, channel, topic }) => [
			ctx.keys.blindIndex('external', person),
			channel,
			topic
		]);
		const begun = performance.now();
		for (const values of asked) statement.get(...values);
		return batch / ((performance.now() - begun) / 1_000);
	};
}

/** From the lines as they come to the lines as they go. */
async function answerRate(ctx: Context, questions: Questions): Promise<number> {
	const body = Buffer.from(questions.map((question) => JSON.stringify(question)).join('\n'));
	const begun = performance.now();
	const lines = readQuestions(body);
	const asked = lines.flatMap((line) => ('question' in line ? [line.question] : []));
	const answers = written(lines, await preferences.ask(ctx, asked));
	const seconds = (performance.now() - begun) / 1_000;
	const answered = answers.split('"because"').length - 1;
	if (answered !== batch || answers.includes('person-unknown')) throw new Error(answers.slice(0, 300));
	return batch / seconds;
}

export const bench: Bench = async () => {
	const folder = mkdtempSync(join(tmpdir(), 'candor-bench-'));
	try {
		candor(folder, 'generate', '--people', '300', '--light');
		await within(folder, (ctx) => Promise.resolve(fill(folder, ctx, choicesOf(ctx))));
		const rates = await within(folder, async (ctx) => {
			const measured = { bare: [] as number[], answers: [] as number[] };
			const lookUp = bareLookUps(folder, ctx);
			for (let turn = -2; turn < turns; turn++) {
				const questions = questionsOf(choicesOf(ctx), turn + 2);
				const bare = lookUp(questions);
				const answers = await answerRate(ctx, questions);
				if (turn < 0) continue;
				measured.bare.push(bare);
				measured.answers.push(answers);
			}
			return { bare: median(measured.bare), answers: median(measured.answers) };
		});
		const ledger = `${((people * changesEach) / 1_000_000).toLocaleString('en')} million`;
		return [
			{
				title: `May-contact: ${batch.toLocaleString('en')} answers at once, as lines in and lines out`,
				columns: ['rows of the ledger', 'answers/s', 'bare look-ups/s', 'ratio', 'demanded'],
				rows: [
					[
						ledger,
						Math.round(rates.answers),
						Math.round(rates.bare),
						(rates.answers / rates.bare).toFixed(2),
						'≥ 100,000/s, or a ratio ≥ 0.50'
					]
				],
				note: 'Asked for: 100,000 answers a second per process on SQLite, or half of the bare look-ups in one prepared statement. The bare ones find the person by the blind index and the newest change of the choice, and nothing else; an answer reads the lines, hashes the external ids, and asks besides for the situation, for addresses that must not be written to, for what is contested or objected to, and for quiet hours.'
			}
		];
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
};

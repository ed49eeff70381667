// What of an export fits here: records and values of the same category and field, and every no to messages; the rest is told.
import type { Person } from '../lib/server/accounts/accounts.ts';
import type { Context } from '../lib/server/context.ts';
import { categoryOf, fieldsOf } from '../lib/server/organisation/lookup.ts';
import type { Category } from '../lib/server/organisation/organisation.ts';
import * as preferences from '../lib/server/preferences/preferences.ts';
import * as profile from '../lib/server/profile/profile.ts';
import * as records from '../lib/server/records/records.ts';
import type { ExportRow } from './export-rows.ts';

const batchRows = 500;

/** What became of one file. */
export interface Taken {
	path: string;
	taken: number;
	/** There before, under the same id: now as the export has it. */
	replaced: number;
	/** The same as before. */
	unchanged: number;
	/** What was not taken, counted by `field: code`. */
	left: Record<string, number>;
}

type Rows = AsyncIterable<ExportRow>;

const countIn = (left: Taken['left'], name: string, count = 1) => (left[name] = (left[name] ?? 0) + count);

export const nothingTaken = (path: string): Taken => ({
	path,
	taken: 0,
	replaced: 0,
	unchanged: 0,
	left: {}
});

/** How a file of that path is taken; a code where it is not. */
export function wayOf(ctx: Context, { role }: Person, path: string): Way | { refused: string } {
	if (path === 'messages/preferences') return takeRefusals;
	if (!path.startsWith('data/')) return { refused: 'of-its-portal' };
	const category = categoryOf(ctx.organisation, path.slice('data/'.length));
	if (!category || fieldsOf(category, role).length === 0) return { refused: 'category-unknown' };
	return category.kind === 'profile' ? takeValues(category) : takeRecords(category);
}

type Way = (ctx: Context, person: Person, rows: Rows, taken: Taken) => Promise<void>;

async function* batches(rows: Rows): AsyncGenerator<ExportRow[]> {
	let batch: ExportRow[] = [];
	for await (const row of rows) {
		batch.push(row);
		if (batch.length < batchRows) continue;
		yield batch;
		batch = [];
	}
	if (batch.length) yield batch;
}

/** A row with what is described here; what is not is counted. */
function recordOf(category: Category, role: string, row: ExportRow, left: Taken['left']): records.NewRecord {
	const { id, at, origin, ...given } = row;
	const known = new Set(fieldsOf(category, role).map((field) => field.id));
	const fields: Record<string, unknown> = {};
	for (const [name, value] of Object.entries(given)) {
		if (value === null) continue;
		if (known.has(name)) fields[name] = value;
		else countIn(left, `${name}: field-unknown`);
	}
	const from = typeof origin === 'string' && category.origins.includes(origin) ? origin : undefined;
	return { category: category.id, id: String(id), at: String(at), origin: from, fields };
}

const takeRecords =
	(category: Category): Way =>
	async (ctx, person, rows, taken) => {
		for await (const batch of batches(rows)) {
			const wanted = batch.map((row) => recordOf(category, person.role, row, taken.left));
			const held = await records.held(ctx, person.id, wanted);
			const outcome = await records.put(ctx, person.id, wanted);
			if ('refused' in outcome) {
				countIn(taken.left, outcome.refused, batch.length);
				continue;
			}
			const refused = new Set(outcome.problems.map(({ index }) => index));
			for (const { code, field } of outcome.problems) countIn(taken.left, field ? `${field}: ${code}` : code);
			for (const [index, { id }] of wanted.entries())
				if (!refused.has(index)) taken[held.has(`${category.id}/${id}`) ? 'replaced' : 'taken'] += 1;
		}
	};

/** `birthday: sign-up` is where the value of one field came from. */
function originsIn(category: Category, origins: unknown): Map<string, string> {
	const lines = Array.isArray(origins) ? origins.map((line) => String(line).split(': ')) : [];
	return new Map(
		lines.flatMap(([field = '', origin = '']) =>
			category.origins.includes(origin) ? [[field, origin] as const] : []
		)
	);
}

const takeValues =
	(category: Category): Way =>
	async (ctx, person, rows, taken) => {
		for await (const { origins, changedAt: _, ...values } of rows) {
			const from = originsIn(category, origins);
			for (const [name, value] of Object.entries(values)) {
				if (value === null || value === '') continue;
				const field = fieldsOf(category, person.role).find(({ id }) => id === name);
				const origin = from.get(name) ?? field?.source ?? (category.origins[0] as string);
				const known = field && !field.identifier;
				const become = known
					? await setOne(ctx, person, { [name]: value }, origin)
					: { left: field ? 'field-is-identifier' : 'field-unknown' };
				if (typeof become === 'string') taken[become] += 1;
				else countIn(taken.left, `${name}: ${become.left}`);
			}
		}
	};

async function setOne(
	ctx: Context,
	person: Person,
	value: Record<string, unknown>,
	origin: string
): Promise<'taken' | 'unchanged' | { left: string }> {
	const outcome = await profile.set(ctx, person, value, origin);
	if ('refused' in outcome) return { left: outcome.refused };
	if ('problems' in outcome) return { left: Object.values(outcome.problems)[0]?.code ?? 'wrong' };
	return outcome.changed.length ? 'taken' : 'unchanged';
}

/** A no counts wherever it was said. A yes was given to somebody else: whoever wants messages says so here. */
const takeRefusals: Way = async (ctx, person, rows, taken) => {
	// The newest stands first: what was chosen before it does not count any more.
	const known = new Set<string>();
	for await (const { channel, topic, allowed, at } of rows) {
		if (known.has(`${channel}.${topic}`)) {
			countIn(taken.left, 'chosen-anew');
			continue;
		}
		known.add(`${channel}.${topic}`);
		if (allowed) {
			countIn(taken.left, 'agreed-elsewhere');
			continue;
		}
		const change = { channel: String(channel), topic: String(topic), allowed: false } as preferences.Change;
		const outcome = await preferences.set(ctx, person, [change], {
			origin: 'import',
			at: new Date(String(at))
		});
		if ('refused' in outcome) countIn(taken.left, `${channel}.${topic}: ${outcome.refused}`);
		else taken[outcome.changed ? 'taken' : 'unchanged'] += 1;
	}
};

// Every field that a source says it can change is changed there, and read back.
import type { Context } from '../context.ts';
import { checkValue } from '../organisation/field-value.ts';
import { categoryOf } from '../organisation/lookup.ts';
import type { Category, Field, OutsideSource } from '../organisation/organisation.ts';
import type { Source, SourceRow, Within } from '../platform/sources/source.ts';
import { Gap } from './steps.ts';

/** Two values a type, so that one of them is another one than what is there. */
const samples: Record<Exclude<Field['type'], 'choice'>, readonly [unknown, unknown]> = {
	text: ['canary one', 'canary two'],
	'long-text': ['canary one', 'canary two'],
	email: ['one@canary.example.com', 'two@canary.example.com'],
	phone: ['+8225550101', '+8225550102'],
	url: ['https://canary.example.com/one', 'https://canary.example.com/two'],
	date: ['2001-02-03', '2002-03-04'],
	country: ['KR', 'ES'],
	language: ['ko', 'es'],
	'time-zone': ['Asia/Seoul', 'Europe/Madrid'],
	// Whole addresses: a path would name a file, which the export would miss.
	image: ['https://canary.example.com/one.png', 'https://canary.example.com/two.png'],
	list: [['one'], ['two']],
	number: [1, 2],
	instant: ['2001-02-03T04:05:06.000Z', '2002-03-04T05:06:07.000Z']
};

const country = 'KR';

/** As the data page would show it; undefined for what does not fit the description. */
function valueOf(field: Field, given: unknown): string | undefined {
	const checked = given === null || given === undefined ? undefined : checkValue(field, given, country);
	return checked && 'value' in checked ? JSON.stringify(checked.value) : undefined;
}

function anotherOne(field: Field, before: unknown): unknown {
	const [one, two = one] =
		field.type === 'choice' ? (field.choices ?? []).map(({ id }) => id) : samples[field.type];
	const short = (value: unknown) =>
		typeof value === 'string' && field.maxLength ? value.slice(-field.maxLength) : value;
	return valueOf(field, short(one)) === valueOf(field, before) ? short(two) : short(one);
}

interface Edited {
	source: Source;
	described: OutsideSource;
	ctx: Pick<Context, 'organisation'>;
}

async function firstOf(source: Source, category: string, person: string, within: Within): Promise<SourceRow> {
	const [row] = await source.page(category, person, { limit: 1 }, within);
	if (!row) throw new Gap('nothing-to-edit');
	return row;
}

async function editOne(
	source: Source,
	category: Category,
	field: Field,
	{ person, within }: { person: string; within: Within }
): Promise<void> {
	const row = await firstOf(source, category.id, person, within);
	const value = anotherOne(field, row[field.id]);
	const record = category.kind === 'records' ? { record: row.id } : {};
	const done = await source.edit(category.id, person, { ...record, field: field.id, value }, within);
	if (done !== 'done') throw new Gap(done);
	const now = await source.find(category.id, person, row.id, within);
	if (valueOf(field, now?.[field.id]) !== valueOf(field, value)) throw new Gap('not-changed');
}

/** Throws `Gap` with `nothing-to-edit`, `not-found`, `not-changed`. */
export async function editAll(
	{ source, described, ctx }: Edited,
	person: string,
	within: Within
): Promise<void> {
	for (const { category: id } of described.categories) {
		const category = categoryOf(ctx.organisation, id);
		for (const field of category?.fields ?? [])
			if (category && source.edits(id, field.id)) await editOne(source, category, field, { person, within });
	}
}

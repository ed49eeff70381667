// Promise: what the law keeps of what lies outside is in the archive whole, or nothing of it is destroyed.
import * as archive from '../../archive/archive.ts';
import type { Context } from '../../context.ts';
import { categoryOf } from '../../organisation/lookup.ts';
import { keptAfterLeaving } from '../../organisation/retention.ts';
import type { Count, Kept, Row } from '../../personal-data-contract.ts';
import type { Within } from '../../platform/sources/source.ts';
import type { CaseSourceTable, ErasureCaseTable } from '../../schema.ts';
import { HeldUp, stop, type Outside } from './asking.ts';
import type { Farewell } from './case.ts';
import type { Plan } from './plan.ts';

/** An entry of the archive is sealed in one piece, in memory. */
const most = { rows: 50_000, bytes: 64_000_000 };

type KeptCounts = Plan['kept'];
/** What one erasure may bring to the archive in one go. */
interface Room {
	rows: number;
	bytes: number;
}

interface Keeping {
	found: ErasureCaseTable;
	farewell: Farewell;
	row: CaseSourceTable;
	held: readonly Count[];
	/** Categories of which rows were seen. */
	seen: ReadonlySet<string>;
	within: Within | undefined;
}

const keptIn = ({ kept }: Pick<CaseSourceTable, 'kept'>): KeptCounts =>
	kept === null ? [] : (JSON.parse(kept) as KeptCounts);

async function rowsIn(
	ctx: Context,
	outside: Outside,
	{ category, records }: Count,
	room: Room,
	{ farewell, row, within }: Keeping
): Promise<Row[]> {
	const rows: Row[] = [];
	let [foreign, unreadable] = [0, 0];
	const asked = { ...within, unreadable: () => void (unreadable += 1) };
	for await (const page of outside.source.read(category, farewell.externalId, asked))
		for (const { person, ...given } of page) {
			if (person !== farewell.externalId) {
				foreign += 1;
				continue;
			}
			room.rows -= 1;
			room.bytes -= JSON.stringify(given).length;
			if (room.rows < 0 || room.bytes < 0) throw new HeldUp('too-large');
			rows.push(given);
		}
	await stop(ctx, outside, foreign > 0 ? [{ category, rows: foreign }] : [], row.because === 'foreign');
	if (unreadable > 0 || rows.length !== records) throw new HeldUp('not-kept');
	return rows;
}

/** Of two looks at the same category the larger one: what was kept before stays in the archive. */
function together(before: KeptCounts, now: KeptCounts): KeptCounts {
	const all = new Map(before.map((one) => [one.category, one]));
	for (const one of now) if (one.records > (all.get(one.category)?.records ?? 0)) all.set(one.category, one);
	return [...all.values()];
}

/** What the law keeps, with how much of it there is; nothing may be there that was not counted. */
function lawfulOf(ctx: Context, { described }: Outside, { found, held, seen }: Keeping) {
	return described.categories.flatMap(({ category }) => {
		const known = categoryOf(ctx.organisation, category);
		const law = known && keptAfterLeaving(ctx.organisation, known, new Date(found.eraseAt));
		if (!law) return [];
		const records = held.find((count) => count.category === category)?.records ?? 0;
		if (records === 0 && seen.has(category)) throw new HeldUp('not-kept');
		return records > 0 ? [{ ...law, category, records }] : [];
	});
}

/**
 * What the law keeps of it goes to the archive right before it is destroyed there, and again when there is another number of it
 * than was kept. The key of the case makes the ids of the entries: the person's own is gone by then, and this one lives until no
 * source is waited for. Answers what to write down as kept; undefined where nothing changed. Throws `HeldUp`, and then nothing may
 * be erased.
 */
export async function keep(ctx: Context, outside: Outside, keeping: Keeping): Promise<string | undefined> {
	const { found, farewell, row, held } = keeping;
	const before = keptIn(row);
	const lawful = lawfulOf(ctx, outside, keeping);
	const isKept = ({ category, records }: Count) =>
		before.some((one) => one.category === category && one.records === records);
	if (lawful.every(isKept)) return row.kept === null && held.length > 0 ? '[]' : undefined;
	if (lawful.reduce((sum, { records }) => sum + records, 0) > most.rows) throw new HeldUp('too-large');
	const room = { ...most };
	const kept: Kept[] = [];
	for (const one of lawful) {
		const rows = await rowsIn(ctx, outside, one, room, keeping);
		const { category, records, ground, law, what, until } = one;
		kept.push({
			...{ category, records, ground, law, what, until },
			async *pages() {
				yield rows;
			}
		});
	}
	const key = await ctx.caseKeys.find(found.id);
	if (!key) throw new Error('the key of a case that goes on is gone');
	const { externalId, personId = '' } = farewell;
	const lay = { source: outside.source.id, key };
	await archive.keep(ctx, { id: personId, externalId, lockedAt: found.eraseAt, outside: lay }, kept);
	const counts = kept.map(({ category, records, ground, until }) => ({ category, records, ground, until }));
	return JSON.stringify(together(before, counts));
}

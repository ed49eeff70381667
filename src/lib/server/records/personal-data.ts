// What records hold about a person, and how they leave.
import type { Context } from '../context.ts';
import { categoryOf } from '../organisation/lookup.ts';
import { keptAfterLeaving } from '../organisation/retention.ts';
import { transaction } from '../platform/database/transaction.ts';
import type { Kept, Part, PersonalDataContract, Row } from '../personal-data-contract.ts';
import {
	deleteCategory,
	deleteCount,
	deleteOlder,
	selectCounts,
	selectOlder,
	updateCount
} from './queries.ts';
import { placeOfAll, readOlder, type Keyset } from './records.ts';

/** Large enough that a query a page costs little; with 1,000 an export takes a third more memory, and no less time. */
const pageSize = 400;
const endOfTime = '9999';

async function* walk<Entry extends Keyset>(
	read: (before: Keyset | undefined) => Promise<readonly Entry[]>,
	from?: Keyset
): AsyncGenerator<readonly Entry[]> {
	let before = from;
	for (;;) {
		const entries = await read(before);
		if (entries.length) yield entries;
		if (entries.length < pageSize) return;
		before = entries.at(-1);
	}
}

async function* pagesOf(ctx: Context, personId: string, category: string): AsyncIterable<readonly Row[]> {
	for await (const records of walk((before) => readOlder(ctx, personId, category, before, pageSize)))
		yield records.map(({ id, at, fields, origin }): Row => ({ id, at, ...fields, origin }));
}

/** Every field of the category, whatever the role: what a former role left behind is held, and so is given out. */
function partOf(ctx: Context, personId: string, category: string, expected: number): Part {
	const fields = categoryOf(ctx.organisation, category)?.fields ?? [];
	return {
		path: `data/${category}`,
		category,
		source: 'portal',
		expected,
		shape: 'table',
		fields: [
			{ id: 'id', type: 'text', label: 'data:column.id' },
			{ id: 'at', type: 'instant', label: 'data:column.at' },
			...fields.map(({ id, type, label }) => ({ id, type, label })),
			{ id: 'origin', type: 'text', label: 'data:column.origin' }
		],
		pages: () => pagesOf(ctx, personId, category),
		sealed: {
			place: placeOfAll(category),
			pages: (from) => walk((before) => selectOlder(ctx, personId, category, before, pageSize), from)
		}
	};
}

async function held(ctx: Context, personId: string) {
	return (await selectCounts(ctx, personId)).filter(({ records }) => records > 0);
}

/** Destroys a batch of the first category that still has something, and its count once nothing is left. */
async function eraseBatch(
	ctx: Context,
	personId: string,
	limit: number
): Promise<{ destroyed: number; done: boolean }> {
	return transaction(ctx, async (ctx) => {
		const [first] = await selectCounts(ctx, personId);
		if (!first) return { destroyed: 0, done: true };
		const few = first.records <= limit;
		const destroyed = few
			? await deleteCategory(ctx, personId, first.category)
			: await deleteOlder(ctx, personId, first.category, endOfTime, limit);
		if (few) await deleteCount(ctx, personId, first.category);
		else await updateCount(ctx, personId, first.category, -destroyed);
		return { destroyed, done: false };
	});
}

async function keptOf(ctx: Context, personId: string): Promise<Kept[]> {
	return (await held(ctx, personId)).flatMap(({ category, records }) => {
		const described = categoryOf(ctx.organisation, category);
		const kept = described && keptAfterLeaving(ctx.organisation, described, ctx.clock.now());
		return kept ? [{ category, records, ...kept, pages: () => pagesOf(ctx, personId, category) }] : [];
	});
}

export const recordsContract: PersonalDataContract = {
	id: 'records',
	tables: ['record', 'record_count'],
	count: held,
	collect: async (ctx, personId, categories) =>
		(await held(ctx, personId))
			.filter(({ category }) => !categories || categories.has(category))
			.map(({ category, records }) => partOf(ctx, personId, category, records)),
	restrict: async () => undefined,
	erase: eraseBatch,
	keep: keptOf
};

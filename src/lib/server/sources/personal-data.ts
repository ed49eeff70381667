// What lies in systems outside about a person: asked live, read where it is, and destroyed there.
import { find } from '../accounts/accounts.ts';
import type { Context } from '../context.ts';
import { categoryOf } from '../organisation/lookup.ts';
import type { Category, Organisation, OutsideSource } from '../organisation/organisation.ts';
import { keptAfterLeaving } from '../organisation/retention.ts';
import {
	ReadingEnded,
	type Count,
	type Kept,
	type Part,
	type PersonalDataContract
} from '../personal-data-contract.ts';
import { SourceFailure, type Source, type Within } from '../platform/sources/source.ts';
import { partOf, readingOf, shortfallOf, type Asked } from './parts.ts';

/** So long a page waits for a source. */
export const pagePatience: Within = { seconds: 2 };
/** So long whoever exports waits for a number, which is dispensable. */
const countPatience: Within = { seconds: 15 };

const liesIn = (ctx: Context, described: OutsideSource): Category[] =>
	described.categories.flatMap(({ category }) => categoryOf(ctx.organisation, category) ?? []);

function opened(ctx: Context, { id }: OutsideSource): Source {
	const source = ctx.sources.get(id);
	if (!source) throw new Error(`the source ${id} was not opened`);
	return source;
}

const askedOf = (ctx: Context, personId: string): Promise<Asked | undefined> => find(ctx, personId);

/** How many records there are, or why that could not be said. */
export async function countIn(
	source: Source,
	category: string,
	externalId: string,
	within: Within = pagePatience
): Promise<Count> {
	try {
		return { category, records: await source.count(category, externalId, within) };
	} catch (error) {
		if (!(error instanceof SourceFailure)) throw error;
		return { category, records: 0, unanswered: shortfallOf(error) };
	}
}

/** Of what is not there an export says nothing: that is believed only where nothing is to be seen either. */
async function isEmpty(source: Source, category: string, { externalId }: Asked): Promise<boolean> {
	let unreadable = 0;
	const looking = { ...countPatience, unreadable: () => void (unreadable += 1) };
	try {
		return (await source.page(category, externalId, { limit: 1 }, looking)).length + unreadable === 0;
	} catch (error) {
		if (error instanceof SourceFailure) return false;
		throw error;
	}
}

async function collect(
	ctx: Context,
	described: OutsideSource,
	personId: string,
	{ categories, signal }: { categories: ReadonlySet<string> | undefined; signal: AbortSignal | undefined }
): Promise<Part[]> {
	const asked = await askedOf(ctx, personId);
	if (!asked) return [];
	const source = opened(ctx, described);
	const chosen = liesIn(ctx, described).filter(({ id }) => !categories || categories.has(id));
	const patience = { ...countPatience, ...(signal && { signal }) };
	const parts = chosen.map(async (category) => {
		const { records, unanswered } = await countIn(source, category.id, asked.externalId, patience);
		if (records === 0 && !unanswered && (await isEmpty(source, category.id, asked))) return [];
		return [partOf(ctx, source, category, asked, unanswered ? undefined : records)];
	});
	return (await Promise.all(parts)).flat();
}

/** Throws `ReadingEnded` while the source can't say what it holds. */
async function keptIn(ctx: Context, described: OutsideSource, personId: string): Promise<Kept[]> {
	const asked = await askedOf(ctx, personId);
	if (!asked) return [];
	const source = opened(ctx, described);
	const kept = liesIn(ctx, described).map(async (category): Promise<Kept[]> => {
		const rule = keptAfterLeaving(ctx.organisation, category, ctx.clock.now());
		if (!rule) return [];
		const { records, unanswered } = await countIn(source, category.id, asked.externalId);
		if (unanswered) throw new ReadingEnded(unanswered);
		if (records === 0) return [];
		return [
			{ category: category.id, records, ...rule, pages: readingOf(ctx, source, category, asked).pages }
		];
	});
	return (await Promise.all(kept)).flat();
}

function contractOf(described: OutsideSource): PersonalDataContract {
	return {
		id: `source.${described.id}`,
		outside: { source: described.id },
		tables: [],
		count: async (ctx, personId) => {
			const asked = await askedOf(ctx, personId);
			if (!asked) return [];
			const source = opened(ctx, described);
			return Promise.all(liesIn(ctx, described).map(({ id }) => countIn(source, id, asked.externalId)));
		},
		collect: (ctx, personId, categories, _language, signal) =>
			collect(ctx, described, personId, { categories, signal }),
		// A system outside is told by work that is due until it answers (withdrawal/), never within a transaction.
		restrict: async () => undefined,
		erase: async () => ({ destroyed: 0, done: true }),
		keep: (ctx, personId) => keptIn(ctx, described, personId)
	};
}

/** A contract for each described source. */
export const sourceContracts = (organisation: Organisation): PersonalDataContract[] =>
	organisation.sources.map(contractOf);

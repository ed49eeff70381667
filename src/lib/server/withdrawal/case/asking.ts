// Promise: before anything is destroyed in a system outside, it is sure that what lies there is theirs who left, and nobody else's.
import { findByExternalId } from '../../accounts/people.ts';
import type { Context } from '../../context.ts';
import type { OutsideSource } from '../../organisation/organisation.ts';
import type { Count } from '../../personal-data-contract.ts';
import type { Source, Within } from '../../platform/sources/source.ts';
import { alarm } from '../../sources/alarms.ts';
import type { Farewell } from './case.ts';

export interface Outside {
	source: Source;
	described: OutsideSource;
}

/** While others stand in line behind: one that needs longer is asked again by the case, with all the time of its budget. */
export const inLine: Within = { seconds: 15 };

/** How many rows of a category are looked at before they are destroyed. */
const lookedAt = 100;

/**
 * Somebody has to look before a source may be told to erase: it gives rows of somebody else (`foreign`), what the law keeps could
 * not be read whole (`not-kept`) or is too much for one entry (`too-large`), or whoever it is came back (`signed-up-anew`).
 */
export class HeldUp extends Error {
	readonly because: 'foreign' | 'not-kept' | 'too-large' | 'signed-up-anew';
	constructor(because: HeldUp['because']) {
		super(because);
		this.name = 'HeldUp';
		this.because = because;
	}
}

export function outsideOf(ctx: Context, id: string): Outside | undefined {
	const source = ctx.sources.get(id);
	const described = ctx.organisation.sources.find((one) => one.id === id);
	return source && described && { source, described };
}

/** What there is of each category; those without anything are left out. */
export async function countsOf(
	{ source, described }: Outside,
	externalId: string,
	within?: Within
): Promise<Count[]> {
	const counts = await Promise.all(
		described.categories.map(async ({ category }) => ({
			category,
			records: await source.count(category, externalId, within)
		}))
	);
	return counts.filter(({ records }) => records > 0);
}

/** In which categories there still is something: counted, or to be seen although nothing is counted. */
export async function leftIn(
	{ source, described }: Outside,
	externalId: string,
	within?: Within
): Promise<string[]> {
	const left = await Promise.all(
		described.categories.map(async ({ category }) => {
			let unreadable = 0;
			const looking = { ...within, unreadable: () => void (unreadable += 1) };
			const records = await source.count(category, externalId, within);
			const rows = await source.page(category, externalId, { limit: 1 }, looking);
			return records + rows.length + unreadable > 0 ? [category] : [];
		})
	);
	return left.flat();
}

/** Whether somebody who left is there again, as somebody new: no source could tell which rows are whose. */
export async function isThereAnew(ctx: Context, { externalId, personId }: Farewell): Promise<boolean> {
	const found = await findByExternalId(ctx, externalId);
	return found !== undefined && found.id !== personId;
}

/** Throws `HeldUp` for rows of somebody else; the alarm is raised where it is not `known`. */
export async function stop(
	ctx: Context,
	{ source }: Outside,
	foreign: readonly { category: string; rows: number }[],
	known: boolean
): Promise<void> {
	if (foreign.length === 0) return;
	if (!known) for (const one of foreign) await alarm(ctx, { source: source.id, ...one });
	throw new HeldUp('foreign');
}

/**
 * Looks at the newest rows of every category, and throws `HeldUp` where the source would not erase the right ones. Answers in which
 * categories something lies.
 */
export async function lookFirst(
	ctx: Context,
	outside: Outside,
	externalId: string,
	{ known, within }: { known: boolean; within: Within | undefined }
): Promise<ReadonlySet<string>> {
	const { source, described } = outside;
	const looked = await Promise.all(
		described.categories.map(async ({ category }) => {
			const rows = await source.page(category, externalId, { limit: lookedAt }, within);
			return { category, all: rows.length, rows: rows.filter(({ person }) => person !== externalId).length };
		})
	);
	const foreign = looked.filter(({ rows }) => rows > 0).map(({ category, rows }) => ({ category, rows }));
	await stop(ctx, outside, foreign, known);
	return new Set(looked.filter(({ all }) => all > 0).map(({ category }) => category));
}

// Promise: what the law keeps lies apart, opens to nobody but the officer's own key, and is destroyed on its day.
import { Encrypter } from 'age-encryption';
import type { KeyObject } from 'node:crypto';
import type { Context } from '../context.ts';
import type { Kept, Row } from '../personal-data-contract.ts';
import { instant } from '../platform/clock.ts';
import { derive } from '../platform/keys/derive.ts';
import { insertEntry, selectEntries, selectEntry, updateHold } from './queries.ts';
import { recipientsOf } from './recipients.ts';

/** What an age file of the archive holds, as JSON. */
export interface Archived {
	format: 'candor-archive/1';
	person: { id: string; externalId: string };
	ground: string;
	law: Kept['law'];
	what: Kept['what'];
	leftAt: string;
	endsOn: string;
	categories: Record<string, readonly Row[]>;
}

export interface ArchiveEntry {
	id: string;
	ground: string;
	endsOn: string;
	records: number;
	createdAt: string;
	heldBy: string | null;
	heldWhy: string | null;
	heldAt: string | null;
	destroyedAt: string | null;
}

/** Who leaves, and when they were locked: everything of the entry is computed from it, so that a second run changes nothing. */
export interface Leaver {
	id: string;
	externalId: string;
	lockedAt: string;
	/** What is kept lay in a source outside, and the person's own key is gone: from this one the ids are made instead. */
	outside?: { source: string; key: KeyObject };
}

/** Ground and end date make one entry. */
function grouped(kept: readonly Kept[]): Kept[][] {
	const groups = new Map<string, Kept[]>();
	for (const one of kept) {
		const name = `${one.ground}|${one.until}`;
		groups.set(name, [...(groups.get(name) ?? []), one]);
	}
	return [...groups.values()];
}

/** How much of which: a row more of one category and a row less of another is not the same. */
const amounts = (group: readonly Kept[]): string =>
	group.length === 1
		? String(group[0]?.records)
		: group
				.map(({ category, records }) => `${category}:${records}`)
				.sort()
				.join();

async function contentOf(leaver: Leaver, kept: readonly Kept[], first: Kept): Promise<Archived> {
	const categories: Record<string, Row[]> = {};
	for (const { category, pages } of kept) {
		const rows: Row[] = (categories[category] ??= []);
		for await (const page of pages()) rows.push(...page);
	}
	const { ground, law, what, until } = first;
	const person = { id: leaver.id, externalId: leaver.externalId };
	const endsOn = until;
	return {
		format: 'candor-archive/1',
		person,
		ground,
		law,
		what,
		leftAt: leaver.lockedAt,
		endsOn,
		categories
	};
}

async function sealedFor(ctx: Context, content: Archived): Promise<Buffer> {
	const encrypter = new Encrypter();
	for (const recipient of recipientsOf(ctx.settings)) encrypter.addRecipient(recipient);
	return Buffer.from(await encrypter.encrypt(JSON.stringify(content)));
}

/**
 * Seals what the law keeps of a person to the recipients of the archive, one entry per ground and end date, and reads it
 * back. Run again, it writes nothing twice. Throws when an entry is not there afterwards.
 */
export async function keep(ctx: Context, leaver: Leaver, kept: readonly Kept[]): Promise<void> {
	// A key that lives as long as this may run again, and not longer: afterwards nobody can make the ids anew.
	const key = leaver.outside?.key ?? (await ctx.keys.of(leaver.id));
	for (const group of grouped(kept)) {
		const [first] = group as [Kept];
		const { ground, until } = first;
		const records = group.reduce((sum, one) => sum + one.records, 0);
		// A system outside goes on living: what is read there a second time may be more, and is an entry of its own.
		const name = leaver.outside ? `archive|${leaver.outside.source}|${amounts(group)}` : 'archive';
		const id = derive(key, `${name}|${ground}|${until}`).toString('hex');
		if (!(await selectEntry(ctx, id))) {
			const sealed = await sealedFor(ctx, await contentOf(leaver, group, first));
			const free = { heldBy: null, heldWhy: null, heldAt: null, destroyedAt: null };
			const createdAt = instant(ctx.clock.now());
			await insertEntry(ctx, { id, ground, endsOn: until, records, sealed, createdAt, ...free });
		}
		if ((await selectEntry(ctx, id))?.records !== records)
			throw new Error('the archive holds something else');
	}
}

/** Entries by end date, without what they hold; `after` is the last one seen. */
export const list = (
	ctx: Context,
	after: { endsOn: string; id: string } | undefined,
	limit: number
): Promise<ArchiveEntry[]> => selectEntries(ctx, after, limit);

/** Every entry, in pages of `limit`. */
export async function* pages(ctx: Context, limit = 10_000): AsyncGenerator<ArchiveEntry[]> {
	let last: ArchiveEntry | undefined;
	do {
		const page = await list(ctx, last, limit);
		yield page;
		last = page.length === limit ? page.at(-1) : undefined;
	} while (last);
}

/** The age file of an entry. Refuses `entry-unknown`, and `entry-destroyed` after its day. */
export async function ageFile(
	ctx: Context,
	id: string
): Promise<{ content: Buffer } | { refused: 'entry-unknown' | 'entry-destroyed' }> {
	const entry = await selectEntry(ctx, id);
	if (!entry) return { refused: 'entry-unknown' };
	return entry.destroyedAt ? { refused: 'entry-destroyed' } : { content: entry.sealed };
}

/**
 * A legal hold, which the log tells by the entry's id: the end date passes and nothing is destroyed until it is released.
 * Refuses `entry-unknown`, also of one that was destroyed, and `already-held`: the first hold has to be released before.
 */
export async function hold(
	ctx: Context,
	id: string,
	{ by, why }: { by: string; why: string }
): Promise<{ held: true } | { refused: 'entry-unknown' | 'already-held' }> {
	const set = { heldBy: by, heldWhy: why, heldAt: instant(ctx.clock.now()) };
	if (!(await updateHold(ctx, id, set)))
		return { refused: (await selectEntry(ctx, id))?.heldAt ? 'already-held' : 'entry-unknown' };
	ctx.log.info({ entry: id }, 'an archive entry is held');
	return { held: true };
}

/** Takes a hold away; an entry whose day has passed is destroyed with the next round. Refuses `entry-unknown`. */
export async function release(
	ctx: Context,
	id: string
): Promise<{ released: true } | { refused: 'entry-unknown' }> {
	const free = { heldBy: null, heldWhy: null, heldAt: null };
	if (!(await updateHold(ctx, id, free))) return { refused: 'entry-unknown' };
	ctx.log.info({ entry: id }, 'an archive entry was released');
	return { released: true };
}

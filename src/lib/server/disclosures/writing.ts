// Promise: a row of the ledger is written once, however often the same transfer is told.
import type { Context } from '../context.ts';
import { instant } from '../platform/clock.ts';
import { seal } from '../platform/keys/keys.ts';
import type { DisclosureTable } from '../schema.ts';
import type { NewDisclosure, Released } from './disclosures.ts';
import type { FieldRefusal, Judged } from './gate.ts';
import { insertOnce, selectByDedupe } from './queries.ts';
import { place, type SealedDisclosure } from './sealed.ts';
import type { Tried } from './told.ts';

/** A row that is about to be written, and what goes with it into the answer. */
export interface Writing {
	row: DisclosureTable;
	released: string[];
	refused: FieldRefusal[];
}

export interface Written {
	row: DisclosureTable;
	outcome: Released;
}

/** `basis` as it was given, so that the same line of a file is the same one again. */
function dedupeOf(ctx: Context, disclosure: NewDisclosure, released: readonly string[]): Buffer {
	const { partner, purpose, basis = '', reference = '', at, key = '' } = disclosure;
	return ctx.keys.blindIndex(
		'disclosure',
		JSON.stringify([partner, purpose, released, basis, at ? instant(at) : '', reference, key])
	);
}

export function rowOf(
	ctx: Context,
	{ standing: { personId, key }, disclosure, asksNow }: Tried,
	{ partner, basis, released, refused, consentVersion }: Judged
): Writing {
	const now = ctx.clock.now();
	const isPast = !asksNow;
	const at = (isPast && disclosure.at) || now;
	const id = isPast ? ctx.ids.at(at) : ctx.ids.next();
	const { reference } = disclosure;
	const row: DisclosureTable = {
		personId,
		id,
		partner: partner.id,
		purpose: partner.purpose,
		basis,
		fields: released.join(' '),
		country: partner.country,
		consentVersion,
		recorded: isPast ? 'afterwards' : 'released',
		at: instant(at),
		recordedAt: instant(now),
		sealed: seal(key, place(id), { reference, key: disclosure.key } satisfies SealedDisclosure),
		dedupe: dedupeOf(ctx, disclosure, released)
	};
	return { row, released, refused };
}

/** Writes rows unless they are there; answers each with the id of the row that stands. */
export async function write(ctx: Context, writings: readonly Writing[]): Promise<Map<Writing, Written>> {
	const inserted = await insertOnce(
		ctx,
		writings.map(({ row }) => row)
	);
	const written = new Map<Writing, Written>();
	for (const writing of writings) {
		const { row, released, refused } = writing;
		const added = inserted.has(row.id);
		const id = added ? row.id : await selectByDedupe(ctx, row.personId, row.dedupe);
		const { at, recorded, basis, country, consentVersion } = row;
		const outcome = { id, added, at, recorded, basis, country, consentVersion, released, refused };
		written.set(writing, { row, outcome });
	}
	return written;
}

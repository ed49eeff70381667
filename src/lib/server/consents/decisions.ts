// A decision as it was made: who made it, the words and fields that were read, and what stood around them.
import type { KeyObject } from 'node:crypto';
import type { Context } from '../context.ts';
import { open } from '../platform/keys/keys.ts';
import type { ConsentTable } from '../schema.ts';
import type { Circumstances, Offer } from './offer.ts';
import { selectConsent, selectConsents, type ConsentRow } from './queries.ts';

/** Who decided in the person's place. A guardian is a person of the portal: an id and nothing else. */
export interface GivenBy {
	kind: 'guardian' | 'school';
	id: string;
	/** Of a school, which is no person. */
	name?: string | undefined;
}

export interface SealedDecision extends Pick<Offer, 'words' | 'fields'> {
	/** Missing for what was decided before there were receipts. */
	about?: Circumstances;
	/** Name of a school. */
	by?: string | undefined;
}

export interface Decision extends Offer {
	id: string;
	partner: string;
	decision: ConsentTable['decision'];
	language: string;
	origin: string;
	at: string;
	about: Circumstances | undefined;
	/** Undefined where the person decided. */
	givenBy: GivenBy | undefined;
	/** The paper on file, by its id. */
	evidence: string | undefined;
}

export const place = (id: string) => ({ table: 'consent', column: 'sealed', row: id });

export const openSealed = (key: KeyObject, { id, sealed }: Pick<ConsentRow, 'id' | 'sealed'>) =>
	open<SealedDecision>(key, place(id), sealed);

export const writtenBy = (by: GivenBy | undefined): string | null => (by ? `${by.kind}:${by.id}` : null);

export function readBy(written: string | null, name?: string): GivenBy | undefined {
	const match = /^(guardian|school):(.*)$/.exec(written ?? '');
	return match ? { kind: match[1] as GivenBy['kind'], id: match[2] as string, name } : undefined;
}

function opened(key: KeyObject, { sealed, givenBy, evidence, ...row }: ConsentRow): Decision {
	const { words, fields, about, by } = openSealed(key, { id: row.id, sealed });
	return { ...row, words, fields, about, givenBy: readBy(givenBy, by), evidence: evidence ?? undefined };
}

/** Every decision with the words that were read, newest first, a page at a time; `before` is the id of the last one seen. */
export async function history(
	ctx: Context,
	personId: string,
	page: { partner?: string; before?: string | undefined; limit: number }
): Promise<Decision[]> {
	const key = await ctx.keys.of(personId);
	return (await selectConsents(ctx, personId, page)).map((row) => opened(key, row));
}

/** One decision of the person; undefined for one of somebody else. */
export async function find(ctx: Context, personId: string, id: string): Promise<Decision | undefined> {
	const row = await selectConsent(ctx, personId, id);
	return row && opened(await ctx.keys.of(personId), row);
}

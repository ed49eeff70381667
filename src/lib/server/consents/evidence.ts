// Promise: the paper on which a school or guardian agreed is kept sealed with the child's own key, and given out as a file only.
import { createHash } from 'node:crypto';
import { fileTypeFromBuffer } from 'file-type';
import type { Context } from '../context.ts';
import { instant } from '../platform/clock.ts';
import { openBytes, sealBytes, open, seal } from '../platform/keys/seal.ts';
import { insertEvidence, selectContent, selectEvidence } from './queries.ts';

const largest = 5_000_000;
/** What a scanned or photographed paper is; everything else is refused, whatever its name says. */
const endings: Readonly<Record<string, string>> = {
	'application/pdf': 'pdf',
	'image/png': 'png',
	'image/jpeg': 'jpg',
	'image/webp': 'webp'
};

export interface Evidence {
	id: string;
	/** Ours: made of the id and the type. */
	name: string;
	ending: string;
	/** As its content says. */
	type: string;
	bytes: number;
	sha256: string;
	at: string;
}

type SealedEvidence = Pick<Evidence, 'type' | 'bytes' | 'sha256'>;

const place = (column: 'sealed' | 'content', id: string) => ({ table: 'consent_evidence', column, row: id });

/**
 * Puts a paper on the person's file, for `grant`. The name that it had is not kept. Refuses `evidence-empty`, `evidence-too-large`
 * (5 MB), and `evidence-type-refused` for what is by its content neither PDF nor a picture.
 */
export async function keepEvidence(
	ctx: Context,
	personId: string,
	content: Uint8Array
): Promise<{ id: string } | { refused: 'evidence-empty' | 'evidence-too-large' | 'evidence-type-refused' }> {
	if (content.length === 0) return { refused: 'evidence-empty' };
	if (content.length > largest) return { refused: 'evidence-too-large' };
	const type = (await fileTypeFromBuffer(content))?.mime ?? '';
	if (!(type in endings)) return { refused: 'evidence-type-refused' };
	const id = ctx.ids.next();
	const key = await ctx.keys.of(personId);
	const sha256 = createHash('sha256').update(content).digest('hex');
	const about: SealedEvidence = { type, bytes: content.length, sha256 };
	await insertEvidence(ctx, {
		personId,
		id,
		sealed: seal(key, place('sealed', id), about),
		content: sealBytes(key, place('content', id), content),
		at: instant(ctx.clock.now())
	});
	return { id };
}

/** What a paper is; undefined for one of somebody else. */
export async function evidence(ctx: Context, personId: string, id: string): Promise<Evidence | undefined> {
	const row = await selectEvidence(ctx, personId, id);
	if (!row) return undefined;
	const about = open<SealedEvidence>(await ctx.keys.of(personId), place('sealed', id), row.sealed);
	const ending = endings[about.type] ?? 'bin';
	return { id, at: row.at, name: `consent-${id}.${ending}`, ending, ...about };
}

/** The paper itself. */
export async function evidenceContent(
	ctx: Context,
	personId: string,
	id: string
): Promise<Buffer | undefined> {
	const row = await selectContent(ctx, personId, id);
	return row && openBytes(await ctx.keys.of(personId), place('content', id), row.content);
}

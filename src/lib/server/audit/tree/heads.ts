// Promise: every head that the portal signs agrees with the one before it, and stands outside the database as well.
import { appendFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Context } from '../../context.ts';
import { instant } from '../../platform/clock.ts';
import { rootOf, subtreesOf, type Subtree } from '../../platform/merkle/tree.ts';
import type { Settings } from '../../platform/settings.ts';
import { insertHead, keyOf, selectHashes, selectNewestHead, selectSize } from './queries.ts';

/** What a signed head says. */
export interface Head {
	/** How many events the tree held. */
	size: number;
	/** 64 hexadecimal digits. */
	root: string;
	at: string;
}

export const headType = 'candor-audit-head+jws';

const apartSeconds = 60;

/** The file outside the database: a head a line, `{size, root, at, jws}`. */
export const headsFile = ({ dataFolder }: Settings): string => join(dataFolder, 'audit-heads.jsonl');

/** The complete subtrees of the first `size` leaves; undefined where the database lacks one of them. */
export async function edgeOf(ctx: Context, size: number): Promise<Subtree[] | undefined> {
	const places = subtreesOf(0, size);
	const hashes = await selectHashes(ctx, places);
	const edge = places.flatMap((place) => {
		const hash = hashes.get(keyOf(place));
		return hash ? [{ ...place, hash }] : [];
	});
	return edge.length === places.length ? edge : undefined;
}

/** The newest signed head with its signature (compact JWS); undefined before anything was signed. */
export async function newestHead(ctx: Context): Promise<(Head & { jws: string }) | undefined> {
	const newest = await selectNewestHead(ctx);
	return newest && { ...newest, root: newest.root.toString('hex') };
}

const rootOfFirst = async (ctx: Context, size: number): Promise<Buffer | undefined> => {
	const edge = await edgeOf(ctx, size);
	return edge && rootOf(edge.map(({ hash }) => hash));
};

/** A clock that was moved back must not keep heads from being made. */
const isFresh = (at: string, now: Date): boolean => {
	const age = now.getTime() - Date.parse(at);
	return age >= 0 && age < apartSeconds * 1_000;
};

/**
 * Signs a head of the tree as it is, when it has grown and the newest head is a minute old. Answers whether it did.
 * Throws when the tree does not agree with the newest head: over such a tree nothing is signed.
 */
export async function makeHead(ctx: Context): Promise<boolean> {
	const [newest, size] = [await selectNewestHead(ctx), await selectSize(ctx)];
	if (size === (newest?.size ?? 0) || (newest && isFresh(newest.at, ctx.clock.now()))) return false;
	const before = newest && size > newest.size ? await rootOfFirst(ctx, newest.size) : undefined;
	const root = await rootOfFirst(ctx, size);
	if (!root || (newest && !before?.equals(newest.root)))
		throw new Error('the audit tree does not agree with its newest head: run `candor verify audit`');
	const head: Head = { size, root: root.toString('hex'), at: instant(ctx.clock.now()) };
	const jws = await ctx.signer.sign(headType, head);
	await mkdir(ctx.settings.dataFolder, { recursive: true });
	// The file first: every head of the database is then in it, and one that is in the file alone is as true.
	await appendFile(headsFile(ctx.settings), `${JSON.stringify({ ...head, jws })}\n`, { flush: true });
	await insertHead(ctx, { size, root, at: head.at, jws });
	return true;
}

// Every head that the portal ever signed, from the database and from the file outside it.
import { createReadStream, existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Context } from '../../context.ts';
import { readSigned } from '../../platform/keys/checking.ts';
import { headType, type Head } from '../tree/heads.ts';
import { selectHeads } from '../tree/queries.ts';
import type { Finding, Place } from './findings.ts';

const pageSize = 1_000;

/** What a JWS says as a head; undefined for what is none, or was not signed with one of these keys. */
export async function readHead(
	keys: Parameters<typeof readSigned>[0],
	jws: string
): Promise<Head | undefined> {
	const signed = await readSigned(keys, jws);
	if (signed?.type !== headType) return undefined;
	return JSON.parse(Buffer.from(signed.payload).toString()) as Head;
}

interface Claimed extends Head {
	jws: string;
	place: Place;
}

async function* inDatabase(ctx: Context): AsyncGenerator<Claimed> {
	for (let after = 0; ;) {
		const heads = await selectHeads(ctx, after, pageSize);
		for (const { size, root, at, jws } of heads)
			yield { size, root: root.toString('hex'), at, jws, place: 'database' };
		if (heads.length < pageSize) return;
		after = heads.at(-1)?.size as number;
	}
}

/** A line that cannot be read is a head that nobody signed. */
function claimedIn(line: string): Claimed {
	try {
		return { ...(JSON.parse(line) as Omit<Claimed, 'place'>), place: 'file' };
	} catch {
		return { size: 0, root: '', at: '', jws: '', place: 'file' };
	}
}

async function* inFile(file: string): AsyncGenerator<Claimed> {
	if (!existsSync(file)) return;
	for await (const line of createInterface({ input: createReadStream(file) }))
		if (line.trim()) yield claimedIn(line);
}

export interface KnownHeads {
	/** Roots that were signed, by the number of leaves. */
	bySize: Map<number, { root: string; place: Place }[]>;
	count: Record<Place, number>;
	findings: Finding[];
}

/** Reads all heads, and finds those that do not say what was signed. */
export async function knownHeads(ctx: Context, file: string): Promise<KnownHeads> {
	const { keys } = await ctx.signer.publicKeys();
	const known: KnownHeads = { bySize: new Map(), count: { database: 0, file: 0 }, findings: [] };
	for (const source of [inDatabase(ctx), inFile(file)])
		for await (const { size, root, at, jws, place } of source) {
			known.count[place] += 1;
			const signed = await readHead(keys, jws);
			if (signed?.size !== size || signed.root !== root || signed.at !== at) {
				known.findings.push({ found: 'head-forged', place, size });
				continue;
			}
			known.bySize.set(size, [...(known.bySize.get(size) ?? []), { root, place }]);
		}
	return known;
}

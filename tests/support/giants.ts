// Exports of what nobody has, made by the code that makes everybody's, and read by programs that are not ours.
import { execFileSync, spawnSync } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import type { Context } from '../../src/lib/server/context.ts';
import { build, content, pathOf, type Built } from '../../src/lib/server/exports/exports.ts';
import type { HeldFile, Part, Row } from '../../src/lib/server/personal-data-contract.ts';

export interface Giant {
	rows?: () => AsyncIterable<readonly Row[]>;
	records?: number;
	files?: () => AsyncIterable<HeldFile>;
}

const partOf = ({ rows, records = 0, files }: Giant): Part => ({
	path: 'data/visits',
	category: 'visits',
	source: 'portal',
	expected: records,
	shape: 'document',
	fields: ['id', 'name'].map((id) => ({ id, type: 'text', label: `data:column.${id}` })),
	async *pages() {
		if (rows) yield* rows();
	},
	...(files && { files })
});

/** Builds an export of this one part and writes its ZIP, as it would be downloaded, to `zip`. */
export async function makeGiant(ctx: Context, personId: string, giant: Giant, zip: string): Promise<Built> {
	const exportId = ctx.ids.next();
	const contract = {
		...{ id: 'invented', tables: [], count: async () => [], collect: async () => [partOf(giant)] },
		...{
			restrict: async () => undefined,
			erase: async () => ({ destroyed: 0, done: true }),
			keep: async () => []
		}
	};
	const path = pathOf(ctx, personId, exportId);
	const job = { personId, exportId, categories: undefined, language: 'en', timeZone: 'Asia/Seoul', path };
	try {
		const built = await build({ ...ctx, contracts: [contract] }, job);
		await pipeline(await content(ctx, personId, exportId), createWriteStream(zip));
		return built;
	} finally {
		await rm(path, { force: true });
	}
}

const python = `
import sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as z:
    bad = z.testzip()
    if bad is not None: sys.exit(bad)
    print(len(z.infolist()))
    for name in sys.argv[2:]: z.getinfo(name)
`;

/** Each reads every byte and holds it against its checksum. */
const readers: Readonly<Record<string, (zip: string, names: readonly string[]) => [string, ...string[]]>> = {
	unzip: (zip) => ['unzip', '-tqq', zip],
	'7z': (zip) => ['7z', 't', '-bso0', '-bsp0', zip],
	bsdtar: (zip) => ['bsdtar', '-xOf', zip],
	Python: (zip, names) => ['python3', '-c', python, zip, ...names]
};

const isThere = (program: string): boolean => spawnSync('which', [program]).status === 0;

/** Lets every program that is there read the ZIP; answers their names. Throws with the one that could not. */
export function readByAll(zip: string, names: readonly string[] = []): string[] {
	const told: string[] = [];
	for (const [name, command] of Object.entries(readers)) {
		const [program, ...words] = command(zip, names);
		if (!isThere(program)) continue;
		const env = { ...process.env, LC_ALL: 'C.UTF-8' };
		execFileSync(program, words, { env, stdio: ['ignore', 'ignore', 'inherit'] });
		told.push(name);
	}
	return told;
}

/** `count` files of a few bytes, their names in the writings that programs stumble over. */
export const writings = ['사진 앨범.txt', 'وثيقة سرية.txt', '🎒📚 emoji.txt', 'Ångström ñandú.txt'];

export async function* smallFiles(count: number): AsyncGenerator<HeldFile> {
	for (let number = 0; number < count; number++) {
		const name = writings[number] ?? `${number}.txt`;
		yield {
			...{ path: `files/${name}`, name, mediaType: 'text/plain' },
			async *open() {
				yield Buffer.from(String(number));
			}
		};
	}
}

import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { alice } from '../../../../../tests/support/people.ts';
import { portalForTest } from '../../../../../tests/support/portal-for-test.ts';
import { entriesOf } from '../../../../../tests/support/zip.ts';
import type { Context } from '../../context.ts';
import {
	ReadingEnded,
	type HeldFile,
	type Part,
	type PlaceOfRow,
	type Row,
	type Shortfall
} from '../../personal-data-contract.ts';
import { after, instant } from '../../platform/clock.ts';
import { seal } from '../../platform/keys/seal.ts';
import { openSealedFile } from '../../platform/keys/sealed-file.ts';
import { build, type Built } from '../build.ts';
import type { Job } from '../job.ts';
import { pathOf, sealedName, volumePath, workingFolder } from '../places.ts';
import type { Progress } from '../progress.ts';

const portal = portalForTest({ description: 'examples/classerium' });
let ctx: Context;
let personId: string;
beforeAll(async () => {
	ctx = portal.as();
	personId = (await alice(ctx)).id;
});

const start = new Date('2026-11-22T09:00:00.000Z');
/** Newest first, a minute apart. */
const rowsOf = (count: number): Row[] =>
	Array.from({ length: count }, (_, number) => ({
		id: `row-${number}`,
		at: instant(after(start, -number, 'minutes')),
		name: createHash('sha256').update(String(number)).digest('base64')
	}));

async function* pagesOf(rows: readonly Row[], size = 100): AsyncGenerator<readonly Row[]> {
	for (let at = 0; at < rows.length; at += size) yield rows.slice(at, at + size);
}

function partOf(rows: readonly Row[], change: Partial<Part> = {}): Part {
	return {
		path: 'data/visits',
		category: 'visits',
		source: 'portal',
		expected: rows.length,
		shape: 'table',
		fields: ['id', 'at', 'name'].map((id) => ({ id, type: 'text', label: `data:column.${id}` })),
		pages: () => pagesOf(rows),
		...change
	};
}

const holding = (...parts: Part[]): Context => ({
	...ctx,
	contracts: [
		{
			id: 'invented',
			tables: [],
			count: async () => [],
			collect: async () => parts,
			restrict: async () => undefined,
			erase: async () => ({ destroyed: 0, done: true }),
			keep: async () => []
		}
	]
});

const jobOf = (change: Partial<Job> = {}): Job => {
	const exportId = ctx.ids.next();
	return {
		...{ personId, exportId, categories: undefined, language: 'en', timeZone: 'Asia/Seoul' },
		path: pathOf(ctx, personId, exportId),
		...change
	};
};

interface Manifest {
	complete: boolean;
	volume: { number: number; last: number };
	files: { path: string; bytes: number; sha256: string; records: number }[];
	parts: { path: string; expected: number | null; included: number; outside?: number; missing?: object }[];
}

/** A volume as its person gets it, each file compared with what the manifest says of it. */
async function opened(
	job: Job,
	volume: number
): Promise<{ entries: Map<string, Buffer>; manifest: Manifest; zip: Buffer }> {
	const pieces: Buffer[] = [];
	const key = await ctx.keys.of(personId);
	for await (const piece of openSealedFile(
		volumePath(job.path, volume),
		key,
		sealedName(job.exportId, volume)
	))
		pieces.push(piece);
	const zip = Buffer.concat(pieces);
	const entries = entriesOf(zip);
	const manifest = JSON.parse(String(entries.get('manifest.json'))) as Manifest;
	for (const { path, bytes, sha256 } of manifest.files) {
		expect(entries.get(path)?.length, path).toBe(bytes);
		expect(
			createHash('sha256')
				.update(entries.get(path) as Buffer)
				.digest('hex'),
			path
		).toBe(sha256);
	}
	expect(
		await ctx.signer.fits(
			'candor-manifest+jws',
			String(entries.get('manifest.jws')),
			entries.get('manifest.json') as Buffer
		)
	).toBe(true);
	return { entries, manifest, zip };
}

async function allOf(job: Job, built: Built) {
	const volumes = [];
	for (const { number } of built.volumes) volumes.push(await opened(job, number));
	const json = volumes.flatMap(
		({ entries }) => JSON.parse(String(entries.get('data/visits.json') ?? '[]')) as Row[]
	);
	const csv = volumes.flatMap(({ entries }) =>
		String(entries.get('data/visits.csv') ?? '')
			.split('\r\n')
			.slice(1, -1)
	);
	return { volumes, json, csv };
}

/** Sealed as records are, so that a reading can go on behind any row; `begun` tells where readings began. */
async function sealedPart(rows: readonly Row[], begun: (PlaceOfRow | undefined)[]): Promise<Part> {
	const key = await ctx.keys.of(personId);
	const place = { table: 'record', column: 'sealed', rowPrefix: 'visits/' };
	const sealedRows = rows.map(({ id, at, name }) => ({
		...{ id: String(id), at: String(at), origin: 'sign-up' },
		sealed: seal(key, { table: 'record', column: 'sealed', row: `visits/${String(id)}` }, { name })
	}));
	return partOf(rows, {
		sealed: {
			place,
			async *pages(from) {
				begun.push(from);
				const first = from ? sealedRows.findIndex(({ id }) => id === from.id) + 1 : 0;
				for (let at = first; at < sealedRows.length; at += 100) yield sealedRows.slice(at, at + 100);
			}
		}
	});
}

const left = (job: Job) => readdirSync(join(job.path, '..')).filter((name) => name.startsWith(job.exportId));

test('a large export comes in volumes, each complete in itself and read by others', async () => {
	const rows = rowsOf(900);
	const job = jobOf({ volumeBytes: 12_000 });
	const built = await build(holding(partOf(rows), partOf([], { path: 'data/none', category: 'none' })), job);
	expect(built.volumes.length).toBeGreaterThan(2);
	expect(built.records).toBe(900);
	const { volumes, json, csv } = await allOf(job, built);
	expect(json).toEqual(rows);
	expect(csv.length).toBe(900);
	for (const [index, { manifest, entries, zip }] of volumes.entries()) {
		expect(manifest.volume).toEqual({ number: index + 1, last: volumes.length });
		expect(String(entries.get('data/visits.csv'))).toMatch(/^\ufeffid,at,name\r\n/);
		expect(entries.has('index.html')).toBe(true);
		const file = join(portal.dataFolder, `volume-${index}.zip`);
		writeFileSync(file, zip);
		execFileSync('python3', ['-m', 'zipfile', '-t', file]);
	}
	expect(String(volumes.at(-1)?.entries.get('data/none.json'))).toBe('[\n]\n');
	expect(left(job).some((name) => name.endsWith('.building'))).toBe(false);
});

test('a build that was ended goes on behind the last row it had written down', async () => {
	const rows = rowsOf(900);
	const begun: (PlaceOfRow | undefined)[] = [];
	const job = jobOf({ volumeBytes: 12_000 });
	const held = holding(await sealedPart(rows, begun));
	const ending = new AbortController();
	const tell = ({ done }: Progress) => done >= 500 && ending.abort();
	await expect(build(held, job, { signal: ending.signal, tell })).rejects.toThrow();
	expect(existsSync(workingFolder(job.path))).toBe(true);
	expect(existsSync(job.path)).toBe(false);
	const built = await build(held, job);
	expect(begun.at(-1)?.id).toBe('row-499');
	const { json, csv } = await allOf(job, built);
	expect(json.map(({ id }) => id)).toEqual(rows.map(({ id }) => id));
	expect(csv.length).toBe(900);
	expect(built.missing).toEqual([]);
});

test('a part that can only be read from its beginning is, and nothing stands twice', async () => {
	const rows = rowsOf(900);
	const job = jobOf({ volumeBytes: 12_000 });
	const ending = new AbortController();
	const tell = ({ done }: Progress) => done >= 500 && ending.abort();
	await expect(build(holding(partOf(rows)), job, { signal: ending.signal, tell })).rejects.toThrow();
	const built = await build(holding(partOf(rows)), job);
	expect((await allOf(job, built)).json).toEqual(rows);
});

test('a build that was ended while it wrote its volumes says of each what is in it, once', async () => {
	const rows = rowsOf(900);
	const job = jobOf({ volumeBytes: 12_000 });
	const part = partOf(rows, { source: 'shop' });
	const ending = new AbortController();
	const tell = ({ phase, volume }: Progress) => phase === 'writing' && volume === 2 && ending.abort();
	await expect(build(holding(part), job, { signal: ending.signal, tell })).rejects.toThrow();
	const begun = rowsOf(50);
	const built = await build(holding(part, partOf(begun, { path: 'data/new', category: 'new' })), job);
	expect(built.records).toBe(950);
	const { volumes, json } = await allOf(job, built);
	expect(json).toEqual(rows);
	expect(volumes[0]?.manifest).toMatchObject({ volume: { last: volumes.length } });
	expect(volumes[0]?.manifest.parts.map(({ included }) => included)).toEqual([900, 50]);
});

test('what is gone since a build was ended stands in none of its volumes, and in no list of them', async () => {
	const job = jobOf({ volumeBytes: 12_000 });
	const [gone, stays] = [
		partOf(rowsOf(900), { source: 'shop' }),
		partOf(rowsOf(5), { path: 'data/here', category: 'here' })
	];
	const ending = new AbortController();
	const tell = ({ phase, volume }: Progress) => phase === 'writing' && volume === 2 && ending.abort();
	await expect(build(holding(stays, gone), job, { signal: ending.signal, tell })).rejects.toThrow();
	const built = await build(holding(stays), job);
	expect([built.records, built.missing]).toEqual([5, []]);
	for (const { number } of built.volumes) {
		const { manifest, entries } = await opened(job, number);
		expect(manifest.parts.map(({ path }) => path)).toEqual(['data/here']);
		expect(entries.has('data/visits.json')).toBe(false);
	}
});

test('what a source gives after a build was ended is in the volume, and not only in what is said of it', async () => {
	const rows = rowsOf(900);
	const job = jobOf();
	const down = partOf(rows, {
		source: 'shop',
		async *pages() {
			yield rows.slice(0, 200);
			throw new ReadingEnded('over-budget');
		}
	});
	// Its only volume was finished, and could not be put in its place.
	mkdirSync(job.path, { recursive: true });
	await expect(build(holding(down), job)).rejects.toThrow();
	rmdirSync(job.path);
	const built = await build(holding(partOf(rows, { source: 'shop' })), job);
	expect(built.missing).toEqual([]);
	const { volumes, json } = await allOf(job, built);
	expect(json).toEqual(rows);
	expect(volumes[0]?.manifest).toMatchObject({ complete: true });
});

test('a source that stumbles is asked again; one that stays away leaves what came, and why', async () => {
	const rows = rowsOf(300);
	let tries = 0;
	const stumbling = (times: number, again = true) =>
		partOf(rows, {
			source: 'shop',
			async *pages() {
				yield rows.slice(0, 200);
				if (tries++ < times) throw new ReadingEnded('source-failed', { again });
				yield rows.slice(200);
			},
			leftOut: () => new Map<Shortfall, number>([['foreign', 2]]),
			expected: 302
		});
	const whole = jobOf();
	const first = await build(holding(stumbling(1)), whole);
	expect(first.missing).toEqual([]);
	expect((await allOf(whole, first)).json).toEqual(rows);
	tries = 0;
	const partial = jobOf();
	const second = await build(holding(stumbling(9)), partial);
	expect(second.missing).toEqual([
		{
			...{ path: 'data/visits', category: 'visits', source: 'shop', expected: 302, included: 200 },
			reasons: { 'source-failed': 100 }
		}
	]);
	expect(tries).toBe(3);
	tries = 0;
	await build(holding(stumbling(9, false)), jobOf());
	expect(tries, 'one that hung is not asked again').toBe(1);
	const { volumes, json } = await allOf(partial, second);
	expect(json).toEqual(rows.slice(0, 200));
	expect(volumes[0]?.manifest).toMatchObject({ complete: false, parts: [{ expected: 302, included: 200 }] });
}, 20_000);

test('files of a part are in it, large ones too; each that can not be had is counted by why', async () => {
	const large = Buffer.alloc(1_500_000, 7);
	const held = (path: string, content: Buffer | Shortfall): HeldFile => ({
		...{ path, mediaType: 'image/png', name: `사진 ${path}` },
		async *open() {
			if (typeof content === 'string') throw new ReadingEnded(content);
			yield content.subarray(0, 1_000_000);
			yield content.subarray(1_000_000);
		}
	});
	const part = partOf(rowsOf(3), {
		async *files() {
			yield held('a.png', Buffer.from('small'));
			yield held('b.png', 'gone');
			yield held('c.png', large);
			yield held('d.png', 'refused');
			yield held('e.png', 'gone');
		}
	});
	const job = jobOf();
	const built = await build(holding(part), job);
	expect(built.missing[0]?.reasons).toEqual({ gone: 2, refused: 1 });
	const { entries, manifest } = await opened(job, 1);
	expect(String(entries.get('files/a.png'))).toBe('small');
	expect(entries.get('files/c.png')?.equals(large)).toBe(true);
	expect(manifest.parts[0]?.missing).toEqual({ gone: 2, refused: 1 });
});

test('no two files have one name, nor two that are one where large letters count as small ones', async () => {
	const files = (...paths: string[]) =>
		async function* () {
			for (const path of paths) yield noise(path, 10);
		};
	const shop = partOf(rowsOf(3), { source: 'shop', files: files('a.png', 'b.png') });
	const crm = { path: 'data/tickets', category: 'tickets', source: 'crm' };
	for (const second of ['a.png', 'files/A.png']) {
		const job = jobOf();
		const other = partOf(rowsOf(3), { ...crm, files: files('c.png', second) });
		await expect(build(holding(shop, other), job)).rejects.toThrow('two files of an export have one name');
		expect(existsSync(job.path)).toBe(false);
	}
	// What lies there since before a build was ended has its name as well.
	const job = jobOf();
	const large = partOf(rowsOf(3), {
		files: async function* () {
			yield noise('Large.png');
		}
	});
	const ending = new AbortController();
	const tell = ({ phase }: Progress) => phase === 'writing' && ending.abort();
	await expect(build(holding(large), job, { signal: ending.signal, tell })).rejects.toThrow();
	const late = partOf(rowsOf(3), { ...crm, files: files('large.png') });
	await expect(build(holding(large, late), job)).rejects.toThrow('two files of an export have one name');
	expect((await build(holding(large), job)).missing).toEqual([]);
});

const noise = (path: string, bytes = 1_500_000): HeldFile => ({
	...{ path, mediaType: 'image/png', name: path },
	async *open() {
		yield randomBytes(bytes);
	}
});

test('no volume becomes larger than was chosen for large files', async () => {
	const part = partOf(rowsOf(3), {
		async *files() {
			for (let number = 1; number <= 5; number++) yield noise(`${number}.png`);
		}
	});
	const job = jobOf({ volumeBytes: 4_000_000 });
	const built = await build(holding(part), job);
	expect(built.volumes.map(({ bytes }) => bytes < 4_000_000)).toEqual([true, true, true]);
	const { volumes, json } = await allOf(job, built);
	expect(json.length).toBe(3);
	expect(
		volumes.flatMap(({ entries }) => [...entries.keys()]).filter((path) => path.startsWith('files/'))
	).toHaveLength(5);
});

test('a file that could not be had is counted once, however often the build was ended', async () => {
	const ending = [new AbortController(), new AbortController()] as const;
	const gone: HeldFile = {
		...{ path: 'gone.png', mediaType: 'image/png', name: 'gone' },
		// eslint-disable-next-line require-yield
		async *open() {
			throw new ReadingEnded('gone');
		}
	};
	const endingFile: HeldFile = {
		...noise('last.png'),
		async *open() {
			ending[0].abort();
			yield randomBytes(10);
		}
	};
	const part = partOf(rowsOf(3), {
		source: 'shop',
		async *files() {
			yield* [gone, noise('large.png'), endingFile];
		}
	});
	const job = jobOf();
	await expect(
		build(holding(part), job, { signal: ending[0].signal, tell: () => undefined })
	).rejects.toThrow();
	const tell = ({ phase }: Progress) => phase === 'writing' && ending[1].abort();
	await expect(build(holding(part), job, { signal: ending[1].signal, tell })).rejects.toThrow();
	expect((await build(holding(part), job)).missing[0]?.reasons).toEqual({ gone: 1 });
});

test('rows outside of the chosen time are left out and counted, and nothing is missing for it', async () => {
	const rows = rowsOf(300);
	const span = {
		since: instant(after(start, -199, 'minutes')),
		until: instant(after(start, -99, 'minutes'))
	};
	for (const part of [partOf(rows), await sealedPart(rows, [])]) {
		const job = jobOf({ span, categories: ['visits'], completes: 'earlier' });
		const built = await build(holding(part), job);
		expect(built.missing).toEqual([]);
		const { json, volumes } = await allOf(job, built);
		expect(json.map(({ id }) => id)).toEqual(rows.slice(100, 200).map(({ id }) => id));
		expect(volumes[0]?.manifest).toMatchObject({ categories: ['visits'], span, completes: 'earlier' });
		expect(volumes[0]?.manifest.parts[0]).toMatchObject({ expected: 300, included: 100, outside: 200 });
	}
});

test('a build whose portal data does not read ends, and offers nothing', async () => {
	const job = jobOf();
	const broken = partOf(rowsOf(10), {
		async *pages() {
			yield rowsOf(5);
			throw new Error('a seal did not open');
		}
	});
	await expect(build(holding(broken), job)).rejects.toThrow('a seal did not open');
	expect(existsSync(job.path)).toBe(false);
});

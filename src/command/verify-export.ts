// Whether an export is as it was handed over: the manifest signed, and every file the one that the manifest names.
import type { JWK } from 'jose';
import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, dirname, join, normalize } from 'node:path';
import { openPromise } from 'yauzl';
import { z } from 'zod';
import { attached, readSigned } from '../lib/server/platform/keys/checking.ts';
import type { Verdict } from './verify-file.ts';
import { directoryOf, hasNothingElse } from './verify-zip.ts';

export const exportFormat = 'candor-export/1';
export const manifestType = 'candor-manifest+jws';
const [manifestName, signatureName] = ['manifest.json', 'manifest.jws'];
/** Far more than a manifest of all categories and files has. */
const manifestBytes = 64 * 1024 * 1024;

const manifestShape = z.object({
	format: z.literal(exportFormat),
	export: z.string().optional(),
	person: z.string(),
	created: z.string(),
	organisation: z.object({ id: z.string(), name: z.string() }).optional(),
	language: z.string().optional(),
	complete: z.boolean().optional(),
	volume: z.object({ number: z.int().min(1), last: z.int().min(1) }).optional(),
	parts: z
		.array(
			z.object({
				path: z.string(),
				expected: z.int().nullable(),
				included: z.int(),
				complete: z.boolean(),
				missing: z.record(z.string(), z.int()).optional()
			})
		)
		.default([]),
	files: z.array(
		z.object({
			path: z.string(),
			bytes: z.int().min(0),
			sha256: z.string(),
			records: z.int().min(0).optional()
		})
	)
});
export type Manifest = z.infer<typeof manifestShape>;

/** The files of an export by path; undefined where there is none. */
type Files = (path: string) => Promise<AsyncIterable<Uint8Array> | undefined>;

export function manifestIn(content: Uint8Array): Manifest | undefined {
	try {
		return manifestShape.safeParse(JSON.parse(Buffer.from(content).toString())).data;
	} catch {
		return undefined;
	}
}

async function signatureProblem(
	content: Uint8Array,
	jws: string | undefined,
	keys: readonly JWK[]
): Promise<string[]> {
	if (jws === undefined) return [`${signatureName} is missing: nobody signed this manifest.`];
	const signed = await readSigned(keys, attached(jws, content) ?? '');
	return signed?.type === manifestType
		? []
		: ['None of these keys signed the manifest: it was changed, or is foreign.'];
}

async function fileProblem(
	{ path, bytes, sha256 }: Manifest['files'][number],
	files: Files
): Promise<string | undefined> {
	const hash = createHash('sha256');
	let length = 0;
	try {
		const content = await files(path);
		if (!content) return `${path} is missing.`;
		for await (const chunk of content) {
			hash.update(chunk);
			length += chunk.length;
		}
	} catch {
		return `${path} cannot be read.`;
	}
	return length === bytes && hash.digest('hex') === sha256 ? undefined : `${path} was changed.`;
}

async function fileProblems(named: Manifest['files'], files: Files): Promise<string[]> {
	const problems: string[] = [];
	for (const file of named) {
		const problem = await fileProblem(file, files);
		if (problem) problems.push(problem);
	}
	return problems;
}

const lacks = ({ path, included, expected, missing = {} }: Manifest['parts'][number]): string =>
	`It says itself that ${path} is incomplete: ${included} of ${expected ?? 'an unknown number of'} records (${Object.keys(missing).join(', ')}).`;

/** What it is, in sentences; also what it says itself that it lacks, which is no fault of the file. */
function says({ person, created, files, volume, parts, complete }: Manifest): string[] {
	const which = volume && volume.last > 1 ? `, volume ${volume.number} of ${volume.last}` : '';
	return [
		`An export of ${created} about ${person}${which}: ${files.length} files.`,
		...(complete === false ? parts.filter((part) => !part.complete).map(lacks) : [])
	];
}

/** A manifest on its own, or in the folder into which its export was unpacked: files that are there are checked. */
export async function verifyManifest(
	path: string,
	content: Uint8Array,
	keys: readonly JWK[]
): Promise<Verdict> {
	const folder = dirname(path);
	const manifest = manifestIn(content);
	if (!manifest) return { kind: 'manifest', says: [], problems: ['The manifest does not have its form.'] };
	const beside = join(folder, signatureName);
	const jws = existsSync(beside) ? await readFile(beside, 'utf8') : undefined;
	const there = manifest.files.filter(
		(file) => !normalize(file.path).startsWith('..') && existsSync(join(folder, file.path))
	);
	const left = manifest.files.length - there.length;
	return {
		kind: 'manifest',
		says: [
			...says(manifest),
			`${there.length} of them lie beside the manifest${left ? `; ${left} do not, and were not checked` : ''}.`
		],
		problems: [
			...(await signatureProblem(content, jws, keys)),
			...(await fileProblems(there, async (name) => createReadStream(join(folder, name))))
		]
	};
}

async function bytesOf(content: AsyncIterable<Uint8Array> | undefined): Promise<Buffer | undefined> {
	return content && Buffer.concat(await Array.fromAsync(content));
}

async function verifyEntries(
	path: string,
	zip: Awaited<ReturnType<typeof openPromise>>,
	keys: readonly JWK[]
): Promise<Verdict & { manifest?: Manifest }> {
	const { entries, twice } = await directoryOf(zip);
	const isAll = await hasNothingElse(path, entries);
	const files: Files = async (path) => {
		const entry = entries.get(path);
		return entry && zip.openReadStreamPromise(entry);
	};
	const small = (name: string) => (entries.get(name)?.uncompressedSize ?? 0) <= manifestBytes;
	const content = small(manifestName) ? await bytesOf(await files(manifestName)) : undefined;
	const manifest = content && manifestIn(content);
	if (!manifest) return { kind: 'export', says: [], problems: ['The ZIP has no manifest of an export.'] };
	const jws = small(signatureName) ? (await bytesOf(await files(signatureName)))?.toString() : undefined;
	const named = new Set([...manifest.files.map(({ path }) => path), manifestName, signatureName]);
	const foreign = [...entries.keys()].filter((name) => !named.has(name));
	return {
		kind: 'export',
		manifest,
		says: says(manifest),
		problems: [
			...(await signatureProblem(content, jws, keys)),
			...(isAll || twice.length ? [] : ['The ZIP holds more than its directory names.']),
			...twice.map((name) => `${name} stands in the ZIP twice.`),
			...foreign.map((name) => `${name} is not named in the manifest.`),
			...(await fileProblems(manifest.files, files))
		]
	};
}

/** A whole volume: nothing in it may lack, and nothing may be in it that the manifest does not name. Reads it as a stream. */
export async function verifyExport(
	path: string,
	keys: readonly JWK[]
): Promise<Verdict & { manifest?: Manifest }> {
	const broken: Verdict = { kind: 'export', says: [], problems: ['The ZIP is broken or was cut.'] };
	const zip = await openPromise(path, { autoClose: false, strictFileNames: true }).catch(() => undefined);
	if (!zip) return broken;
	try {
		return await verifyEntries(path, zip, keys);
	} catch {
		return broken;
	} finally {
		zip.close();
	}
}

/** What is wrong with volumes that should be one export: they are of several, one is there twice, or one is not there. */
function volumeProblems(manifests: readonly Manifest[]): string[] {
	const exports = new Set(manifests.map((manifest) => manifest.export));
	if (exports.size > 1) return ['These volumes are of several exports.'];
	const last = Math.max(...manifests.map(({ volume }) => volume?.last ?? 1));
	const numbers = manifests.map(({ volume }) => volume?.number ?? 1);
	return Array.from({ length: last }, (_, index) => index + 1).flatMap((number) => {
		const times = numbers.filter((one) => one === number).length;
		if (times === 0) return [`Volume ${number} of ${last} is missing.`];
		return times > 1 ? [`Volume ${number} of ${last} is there ${times} times.`] : [];
	});
}

/** Volumes together: each as it is alone, and all that belong to the export. */
export async function verifyVolumes(paths: readonly string[], keys: readonly JWK[]): Promise<Verdict> {
	const verdict: Verdict = { kind: 'export', says: [], problems: [] };
	const manifests: Manifest[] = [];
	for (const path of paths) {
		const { says, problems, manifest } = await verifyExport(path, keys);
		verdict.says.push(...says);
		verdict.problems.push(...problems.map((problem) => `${basename(path)}: ${problem}`));
		if (manifest) manifests.push(manifest);
	}
	if (manifests.length === paths.length) verdict.problems.push(...volumeProblems(manifests));
	return verdict;
}

// Promise: an export is complete or says so; memory does not grow with the account; nothing unsealed touches the disk.
import { ZipArchive } from 'archiver';
import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { PassThrough } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Context } from '../context.ts';
import { translationIn } from '../../i18n/catalogues.ts';
import { instant } from '../platform/clock.ts';
import { openSealedFile, sealingStream } from '../platform/keys/sealed-file.ts';
import { appendMeasured, appendPart, readable, type Append } from './entries.ts';
import { pagesOf } from './inside/pages.ts';
import type { FileEntry, Job, ViewedPart } from './job.ts';

export interface Built {
	/** Of the plain ZIP. */
	bytes: number;
	sha256: string;
	records: number;
	complete: boolean;
}

/** The name under which a finished export is sealed. */
export const sealedName = (exportId: string) => `export-${exportId}`;

/** `typ` of the signature that lies beside the manifest. */
export const manifestType = 'candor-manifest+jws';

async function* once(text: string): AsyncGenerator<string> {
	yield text;
}

async function appendAll(ctx: Context, job: Job, append: Append): Promise<FileEntry[]> {
	const key = await ctx.keys.of(job.personId);
	const chosen = job.categories ? new Set(job.categories) : undefined;
	const parts: ViewedPart[] = [];
	for (const contract of ctx.contracts)
		for (const part of await contract.collect(ctx, job.personId, chosen, job.language)) {
			const written = await appendPart(append, part, `${job.path}.spool`, key);
			parts.push({ part, ...written, leftOut: new Map(), rows: () => part.pages(), heldFiles: [] });
		}
	const files = parts.flatMap(({ files }) => files);
	for await (const { path, content } of pagesOf(ctx, job, { number: 1, last: 1, parts })) {
		const written = await appendMeasured(append, path, content);
		files.push({ path, ...written, records: 0, source: 'portal', complete: true });
	}
	return files;
}

function manifestOf(ctx: Context, job: Job, files: readonly FileEntry[]) {
	const { organisation } = ctx.organisation;
	const translation = translationIn(job.language, job.timeZone);
	return {
		format: 'candor-export/1',
		export: job.exportId,
		person: job.personId,
		organisation: {
			id: organisation.id,
			name: translation.text(organisation.name),
			country: organisation.country
		},
		created: instant(ctx.clock.now()),
		language: job.language,
		law: ctx.organisation.requests.regimes,
		complete: files.every(({ complete }) => complete),
		files
	};
}

async function writeZip(ctx: Context, job: Job, archive: ZipArchive): Promise<{ files: FileEntry[] }> {
	const append: Append = (path, content) =>
		new Promise((taken, failed) => {
			archive.once('entry', () => taken());
			const source = readable(content);
			source.once('error', failed);
			archive.append(source, { name: path, date: ctx.clock.now() });
		});
	const files = await appendAll(ctx, job, append);
	const manifest = `${JSON.stringify(manifestOf(ctx, job, files), null, '\t')}\n`;
	await append('manifest.json', once(manifest));
	await append(
		'manifest.jws',
		once(`${await ctx.signer.signDetached(manifestType, Buffer.from(manifest))}\n`)
	);
	await archive.finalize();
	return { files };
}

/** Reads the sealed file back: what can't be opened or hashes to something else is not handed over. */
async function readBack(ctx: Context, job: Job, path: string, expected: string): Promise<void> {
	const hash = createHash('sha256');
	for await (const chunk of openSealedFile(path, await ctx.keys.of(job.personId), sealedName(job.exportId)))
		hash.update(chunk);
	if (hash.digest('hex') !== expected) throw new Error('the export does not read back as it was written');
}

/** Builds the ZIP of a person into a sealed file, reads it back, and puts it in its place. */
export async function build(ctx: Context, job: Job): Promise<Built> {
	const partial = `${job.path}.partial`;
	await mkdir(dirname(job.path), { recursive: true });
	const archive = new ZipArchive({ zlib: { level: job.level ?? 6, memLevel: 9 } });
	const hash = createHash('sha256');
	let bytes = 0;
	const counted = new PassThrough();
	counted.on('data', (data: Buffer) => {
		hash.update(data);
		bytes += data.length;
	});
	try {
		const key = await ctx.keys.of(job.personId);
		const stored = pipeline(
			archive,
			counted,
			sealingStream(key, sealedName(job.exportId)),
			createWriteStream(partial)
		);
		stored.catch(() => undefined);
		const { files } = await Promise.race([
			writeZip(ctx, job, archive),
			stored.then(() => new Promise<never>(() => undefined))
		]);
		await stored;
		const sha256 = hash.digest('hex');
		await readBack(ctx, job, partial, sha256);
		await rename(partial, job.path);
		const records = files
			.filter(({ path }) => path.endsWith('.json') && !path.startsWith('schemas/'))
			.reduce((sum, file) => sum + file.records, 0);
		return { bytes, sha256, records, complete: files.every(({ complete }) => complete) };
	} catch (error) {
		archive.abort();
		throw error;
	} finally {
		await rm(partial, { force: true });
		await rm(`${job.path}.spool`, { force: true });
	}
}

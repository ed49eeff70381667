// Promise: a finished export stays as long as its person asks, within bounds; locked with their passphrase, nothing else of it is left.
import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { passwordProblem, type PasswordProblem } from '../accounts/accounts.ts';
import * as audit from '../audit/audit.ts';
import type { Context } from '../context.ts';
import { after, instant } from '../platform/clock.ts';
import { transaction } from '../platform/database/transaction.ts';
import { openSealedFile, sealingStream } from '../platform/keys/sealed-file.ts';
import type { ExportTable, ExportVolumeTable } from '../schema.ts';
import { sealedWith } from './passphrase.ts';
import { lockedPathOf, pathOf, removePlain, sealedName } from './places.ts';
import { selectExport, selectVolumes, updateExport, updateVolume } from './queries.ts';

/** How much longer a time, and how often: four weeks in all. */
const furtherDays = 7;
export const prolongedAtMost = 3;

type NotThere = { refused: 'export-unknown' | 'export-not-ready' };

async function readyRow(ctx: Context, personId: string, id: string): Promise<ExportTable | NotThere> {
	const row = await selectExport(ctx, personId, id);
	if (!row) return { refused: 'export-unknown' };
	const isThere = row.state === 'ready' && (row.expiresAt ?? '') > instant(ctx.clock.now());
	return isThere ? row : { refused: 'export-not-ready' };
}

/** Keeps an export seven days longer. Refuses `export-unknown`, `export-not-ready`, and `prolonged-enough` after three times. */
export async function prolong(
	ctx: Context,
	personId: string,
	id: string
): Promise<{ expiresAt: string } | NotThere | { refused: 'prolonged-enough' }> {
	return transaction(ctx, async (ctx) => {
		if (!(await audit.holdPerson(ctx, personId))) return { refused: 'export-not-ready' };
		const row = await readyRow(ctx, personId, id);
		if ('refused' in row) return row;
		if (row.prolonged >= prolongedAtMost) return { refused: 'prolonged-enough' };
		const expiresAt = instant(after(new Date(row.expiresAt as string), furtherDays, 'days'));
		const change = { expiresAt, nextAttemptAt: expiresAt, prolonged: row.prolonged + 1 };
		if (!(await updateExport(ctx, row, 'ready', change))) return { refused: 'export-not-ready' };
		await audit.record(ctx, personId, 'export-prolonged', { expiresAt });
		return { expiresAt };
	});
}

type Measured = Pick<ExportVolumeTable, 'number' | 'bytes' | 'sha256'>;

/** Counts and hashes what flows by. */
function measuring() {
	const hash = createHash('sha256');
	let bytes = 0;
	const through = new Transform({
		transform(chunk: Buffer, _encoding, done) {
			hash.update(chunk);
			bytes += chunk.length;
			done(null, chunk);
		}
	});
	return { through, result: () => ({ bytes, sha256: hash.digest('hex') }) };
}

/** Writes the age file of a volume to `partial`, sealed as every file of an export, and reads it back. */
async function lockVolume(
	ctx: Context,
	{ personId, exportId: id, number }: Pick<ExportVolumeTable, 'personId' | 'exportId' | 'number'>,
	passphrase: string,
	partial: string
): Promise<Measured> {
	const key = await ctx.keys.of(personId);
	const plain = openSealedFile(pathOf(ctx, personId, id, number), key, sealedName(id, number));
	const name = sealedName(id, number, true);
	const { through, result } = measuring();
	const sink = createWriteStream(partial, { mode: 0o600, flush: true });
	await pipeline(await sealedWith(passphrase, plain), through, sealingStream(key, name), sink);
	const written = result();
	const back = createHash('sha256');
	for await (const chunk of openSealedFile(partial, key, name)) back.update(chunk);
	if (back.digest('hex') !== written.sha256) throw new Error('what was locked does not read back');
	return { number, ...written };
}

type Locked = { done: true } | NotThere | { refused: 'export-locked' };

/** The row decides between two who lock at once; `putInPlace` is called for the one of them whose files count. */
async function nowLocked(
	ctx: Context,
	row: ExportTable,
	volumes: readonly Measured[],
	putInPlace: () => Promise<void>
): Promise<Locked> {
	return transaction(ctx, async (ctx) => {
		if (!(await audit.holdPerson(ctx, row.personId))) return { refused: 'export-not-ready' };
		const now = await readyRow(ctx, row.personId, row.id);
		if ('refused' in now) return now;
		const bytes = volumes.reduce((sum, volume) => sum + volume.bytes, 0);
		const sha256 = volumes.length === 1 ? (volumes[0]?.sha256 ?? null) : null;
		// Due at once: what is not encrypted goes, whatever becomes of this process.
		const change = { locked: 1, bytes, sha256, nextAttemptAt: instant(ctx.clock.now()) };
		if (!(await updateExport(ctx, row, 'ready', change, { locked: 0 }))) return { refused: 'export-locked' };
		for (const volume of volumes)
			await updateVolume(ctx, { personId: row.personId, exportId: row.id, ...volume });
		await audit.record(ctx, row.personId, 'export-locked');
		await putInPlace();
		return { done: true };
	});
}

const underWay = new Set<string>();

/**
 * Encrypts every volume with the person's own passphrase (age), and removes what was not encrypted: from then on the encrypted
 * files are what is downloaded. The passphrase is kept nowhere. Ended midway, nothing has changed. Refuses `export-unknown`,
 * `export-not-ready`, `export-locked`, and with `problem` a passphrase that a password could not be either.
 */
export async function lock(
	ctx: Context,
	personId: string,
	id: string,
	passphrase: string
): Promise<Locked | { problem: PasswordProblem }> {
	const row = await readyRow(ctx, personId, id);
	if ('refused' in row) return row;
	if (row.locked === 1 || underWay.has(id)) return { refused: 'export-locked' };
	const problem = passwordProblem(passphrase, Object.values(ctx.organisation.organisation.name));
	if (problem) return { problem };
	underWay.add(id);
	const own = ctx.ids.next();
	const partialOf = (number: number) => `${lockedPathOf(ctx, personId, id, number)}.${own}.partial`;
	let numbers: number[] = [];
	try {
		numbers = (await selectVolumes(ctx, personId, id)).map(({ number }) => number);
		if (numbers.length === 0) numbers.push(1);
		const volumes: Measured[] = [];
		for (const number of numbers) {
			const volume = { personId, exportId: id, number };
			volumes.push(await lockVolume(ctx, volume, passphrase, partialOf(number)));
		}
		const outcome = await nowLocked(ctx, row, volumes, async () => {
			for (const number of numbers) await rename(partialOf(number), lockedPathOf(ctx, personId, id, number));
		});
		if ('done' in outcome) await removePlain(ctx, personId, id);
		return outcome;
	} finally {
		for (const number of numbers) await rm(partialOf(number), { force: true });
		underWay.delete(id);
	}
}

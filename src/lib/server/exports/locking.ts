// Promise: locked with its person's own passphrase, nothing else of an export is left; ended midway, nothing has changed.
import { rename, rm } from 'node:fs/promises';
import { passwordProblem, type PasswordProblem } from '../accounts/accounts.ts';
import * as audit from '../audit/audit.ts';
import type { Context } from '../context.ts';
import { after, instant } from '../platform/clock.ts';
import { transaction } from '../platform/database/transaction.ts';
import type { ExportTable } from '../schema.ts';
import type { Encrypted, Encrypting } from './encrypting.ts';
import { readyRow, type NotThere } from './keeping.ts';
import { lockedPathOf, pathOf, removeRest, sealedName } from './places.ts';
import { selectVolumes, updateExport, updateVolume } from './queries.ts';
import { ThreadStopped, threadOf } from './thread.ts';

/** Who died while they locked hold an export no longer than that: its person may lock it anew. */
const leaseSeconds = 60;
const renewMilliseconds = 15_000;

type Locked = { locked: boolean } | NotThere | { refused: 'export-locked' | 'lock-failed' };

/** One lock at a time, in whatever process; what a dead one left beside the volumes is due to be removed after its lease. */
async function hold(ctx: Context, row: ExportTable): Promise<ExportTable | undefined> {
	const now = ctx.clock.now();
	if ((row.leasedUntil ?? '') > instant(now)) return undefined;
	const leasedUntil = instant(after(now, leaseSeconds, 'seconds'));
	const change = { leasedUntil, nextAttemptAt: instant(now) };
	const held = { locked: 0, leasedUntil: row.leasedUntil } as const;
	return (await updateExport(ctx, row, 'ready', change, held)) ? { ...row, ...change } : undefined;
}

/** Keeps `row.leasedUntil` what the row says, until it is let go; gives up when it is another's, or gone. */
function keepHolding(ctx: Context, row: ExportTable, ending: AbortController): () => Promise<void> {
	let renewing: Promise<void> | undefined;
	const renew = async () => {
		const leasedUntil = instant(after(ctx.clock.now(), leaseSeconds, 'seconds'));
		const isMine = await updateExport(ctx, row, 'ready', { leasedUntil }, { leasedUntil: row.leasedUntil });
		if (isMine) row.leasedUntil = leasedUntil;
		else ending.abort();
	};
	const timer = setInterval(() => {
		// What can't be renewed now is renewed next time, long before the lease is over.
		renewing ??= renew()
			.catch(() => undefined)
			.finally(() => (renewing = undefined));
	}, renewMilliseconds);
	return async () => {
		clearInterval(timer);
		await renewing;
	};
}

/** `putInPlace` is called for those whose files count. */
async function nowLocked(
	ctx: Context,
	row: ExportTable,
	volumes: readonly Encrypted[],
	putInPlace: () => Promise<void>
): Promise<Locked> {
	return transaction(ctx, async (ctx) => {
		if (!(await audit.holdPerson(ctx, row.personId))) return { refused: 'export-not-ready' };
		const now = await readyRow(ctx, row.personId, row.id);
		if ('refused' in now) return now;
		const bytes = volumes.reduce((sum, volume) => sum + volume.bytes, 0);
		const sha256 = volumes.length === 1 ? (volumes[0]?.sha256 ?? null) : null;
		// Still due at once: what is not encrypted goes, whatever becomes of this process.
		const change = { locked: 1, bytes, sha256, leasedUntil: null } as const;
		const { leasedUntil } = row;
		if (!(await updateExport(ctx, row, 'ready', change, { leasedUntil })))
			return { refused: 'export-not-ready' };
		for (const volume of volumes)
			await updateVolume(ctx, { personId: row.personId, exportId: row.id, ...volume });
		await audit.record(ctx, row.personId, 'export-locked');
		await putInPlace();
		return { locked: true };
	});
}

type Volumes = Encrypting['volumes'];

async function volumesOf(ctx: Context, { personId, id }: ExportTable): Promise<Volumes> {
	const own = ctx.ids.next();
	const volumes = await selectVolumes(ctx, personId, id);
	// An export that was made before there were volumes is one.
	return (volumes.length ? volumes : [{ number: 1 }]).map(({ number }) => {
		const from = { path: pathOf(ctx, personId, id, number), name: sealedName(id, number) };
		const path = `${lockedPathOf(ctx, personId, id, number)}.${own}.partial`;
		return { number, from, to: { path, name: sealedName(id, number, true) } };
	});
}

/** Encrypts and puts in place; whatever happens on the way, what was begun is removed and the export let go. */
async function work(ctx: Context, row: ExportTable, passphrase: string): Promise<Locked> {
	const ending = new AbortController();
	const letGo = keepHolding(ctx, row, ending);
	let volumes: Volumes = [];
	try {
		volumes = await volumesOf(ctx, row);
		const thread = threadOf(ctx.settings);
		const encrypted = await thread.encrypt(ctx, row.personId, { volumes, passphrase }, ending.signal);
		await letGo();
		return await nowLocked(ctx, row, encrypted, async () => {
			for (const { number, to } of volumes)
				await rename(to.path, lockedPathOf(ctx, row.personId, row.id, number));
		});
	} catch (err) {
		if (ending.signal.aborted) return { refused: 'export-not-ready' };
		const wasStopped = err instanceof ThreadStopped;
		if (!wasStopped) ctx.log.error({ err, export: row.id }, 'an export could not be locked');
		return { refused: 'lock-failed' };
	} finally {
		await letGo();
		for (const { to } of volumes) await rm(to.path, { force: true });
		await updateExport(ctx, row, 'ready', { leasedUntil: null }, { leasedUntil: row.leasedUntil });
	}
}

async function lockAll(ctx: Context, row: ExportTable, passphrase: string): Promise<Locked> {
	const outcome = await work(ctx, row, passphrase);
	if ('locked' in outcome) await removeRest(ctx, row.personId, row.id, true);
	return outcome;
}

/**
 * Encrypts every volume with the person's own passphrase (age), off the main thread, and removes what was not encrypted: from
 * then on the encrypted files are what is downloaded. Resolves when they are, with `locked`, or after `patience` milliseconds
 * without it: then it goes on, and the export says so (`locking`). The passphrase is kept nowhere. Ended midway, nothing has
 * changed. Refuses `export-unknown`, `export-not-ready`, `export-locked` for one that is or is just being locked,
 * `lock-failed`, and with `problem` a passphrase that a password could not be either.
 */
export async function lock(
	ctx: Context,
	personId: string,
	id: string,
	passphrase: string,
	patience = 8_000
): Promise<Locked | { problem: PasswordProblem }> {
	const row = await readyRow(ctx, personId, id);
	if ('refused' in row) return row;
	if (row.locked === 1) return { refused: 'export-locked' };
	const problem = passwordProblem(passphrase, Object.values(ctx.organisation.organisation.name));
	if (problem) return { problem };
	const held = await hold(ctx, row);
	if (!held) return { refused: 'export-locked' };
	const tooLong = new Promise<Locked>((resolve) => {
		setTimeout(() => resolve({ locked: false }), patience).unref();
	});
	return Promise.race([lockAll(ctx, held, passphrase), tooLong]);
}

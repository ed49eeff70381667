// Promise: an export that was ordered becomes ready, or its person reads why not; what nobody wants any more is gone.
import type { Person } from '../accounts/people.ts';
import * as audit from '../audit/audit.ts';
import type { Context } from '../context.ts';
import * as delivery from '../delivery/delivery.ts';
import { after, instant } from '../platform/clock.ts';
import { transaction } from '../platform/database/transaction.ts';
import { claimDue, nextAttempt, type Claim, type WorkKind } from '../platform/work/work.ts';
import type { ExportTable } from '../schema.ts';
import type { Built } from './build.ts';
import type { Job } from './job.ts';
import { missingIn } from './missing.ts';
import { pathOf, removeFiles, removeRest } from './places.ts';
import { progressIn, type Progress } from './progress.ts';
import { deleteVolumes, insertVolumes, selectExport, updateExport } from './queries.ts';
import { learn } from './estimate.ts';
import { ThreadStopped, threadOf } from './thread.ts';

/** How long a finished one is kept, how often a broken one is tried again. */
const keptDays = 7;
const triesAtMost = 3;
/** From so many records on an export waits for other large ones, and no small one for it. */
const largeFrom = 20_000;
/** How often the row tells how far it is; its lease is renewed with it. */
const tellMilliseconds = 1_000;
const renewMilliseconds = 60_000;
const leaseMinutes = 5;

type Somebody = Pick<Person, 'id' | 'timeZone'>;

/** What the system says where no further byte finds room. */
const noRoom = ['ENOSPC', 'EDQUOT', 'EFBIG'];

async function jobOf(ctx: Context, person: Somebody, row: ExportTable): Promise<Job> {
	const first = row.completes === null ? undefined : await selectExport(ctx, person.id, row.completes);
	return {
		personId: person.id,
		exportId: row.id,
		categories: row.categories ? row.categories.split(' ') : undefined,
		language: row.language,
		timeZone: person.timeZone,
		path: pathOf(ctx, person.id, row.id),
		span: { since: row.since ?? undefined, until: row.until ?? undefined },
		...(row.volumeBytes !== null && { volumeBytes: row.volumeBytes }),
		...(first && { completes: first.id, only: missingIn(first.missing).map(({ path }) => path) })
	};
}

function finished(built: Built, now: Date, expiresAt: string): Partial<ExportTable> {
	const { bytes, records, volumes, missing } = built;
	return {
		state: 'ready',
		readyAt: instant(now),
		expiresAt,
		bytes,
		records,
		sha256: volumes.length === 1 ? (volumes[0]?.sha256 ?? null) : null,
		complete: missing.length ? 0 : 1,
		missing: missing.length ? JSON.stringify(missing) : null,
		progress: null,
		nextAttemptAt: expiresAt,
		leasedUntil: null
	};
}

/** Answers false when the export is not wanted any more, its person has left meanwhile, or somebody else is building it. */
async function finish(
	ctx: Context,
	{ personId, id, leasedUntil }: ExportTable,
	built: Built,
	waitedFor: () => boolean
): Promise<boolean> {
	const now = ctx.clock.now();
	const expiresAt = instant(after(now, keptDays, 'days'));
	const { bytes, records, volumes, missing } = built;
	const [complete, values] = [missing.length === 0, { expiresAt }];
	return transaction(ctx, async (ctx) => {
		if (!(await audit.holdPerson(ctx, personId))) return false;
		const change = finished(built, now, expiresAt);
		if (!(await updateExport(ctx, { personId, id }, 'building', change, { leasedUntil }))) return false;
		await insertVolumes(
			ctx,
			volumes.map((volume) => ({ personId, exportId: id, ...volume }))
		);
		await audit.record(ctx, personId, complete ? 'export-ready' : 'export-partial', { records, bytes });
		await delivery.tellListeners(ctx, personId, 'export.ready', { export: id, complete });
		const template = complete ? ('export-ready' as const) : ('export-partial' as const);
		if (!waitedFor()) await delivery.send(ctx, personId, { template, values });
		return true;
	});
}

/**
 * Keeps the row telling how far the build is, and `row.leasedUntil` what it says; ends the build when nobody wants it any more,
 * or when somebody else took it while this process slept.
 */
function watchOver(ctx: Context, row: ExportTable, ending: AbortController) {
	let untold: Progress | undefined;
	let toldAt = performance.now();
	let telling: Promise<void> | undefined;
	const renew = async () => {
		const progress = untold && { progress: JSON.stringify(untold) };
		untold = undefined;
		toldAt = performance.now();
		const leasedUntil = instant(after(ctx.clock.now(), leaseMinutes, 'minutes'));
		const change = { ...progress, leasedUntil };
		const isMine = await updateExport(ctx, row, 'building', change, { leasedUntil: row.leasedUntil });
		if (isMine) row.leasedUntil = leasedUntil;
		else ending.abort();
	};
	const tell = async () => {
		const isOld = performance.now() - toldAt > renewMilliseconds;
		if (telling || (!untold && !isOld)) return;
		// What can't be told now is told in a second; unheard, the failure would end the process.
		telling = renew().catch(() => undefined);
		await telling;
		telling = undefined;
	};
	const timer = setInterval(() => void tell(), tellMilliseconds);
	return {
		renew,
		tell: (progress: Progress) => void (untold = progress),
		end: async () => {
			clearInterval(timer);
			await telling;
		}
	};
}

const builds = new Map<string, AbortController>();

/** Ends a build in this process at once; those elsewhere end when they look at the row. */
export const endBuild = (id: string): void => builds.get(id)?.abort();

/** Whether somebody else has finished the export, or is building it: what lies there is theirs. */
async function isAnothers(ctx: Context, { personId, id, leasedUntil }: ExportTable): Promise<boolean> {
	const now = await selectExport(ctx, personId, id);
	return now?.state === 'ready' || (now?.state === 'building' && now.leasedUntil !== leasedUntil);
}

async function removeOwn(ctx: Context, row: ExportTable): Promise<void> {
	if (!(await isAnothers(ctx, row))) await removeFiles(ctx, row.personId, row.id);
}

/**
 * Builds and finishes; a failure is due again later, and after the third the export has failed and says so. The lease of `row` is
 * that of whoever calls: once it is another's, nothing is done any more.
 */
export async function work(
	ctx: Context,
	person: Somebody,
	{ ...row }: ExportTable,
	waitedFor = () => false
): Promise<void> {
	const ending = new AbortController();
	builds.set(row.id, ending);
	const watch = watchOver(ctx, row, ending);
	let begun: number | undefined;
	const tell = (progress: Progress) => {
		// Before it waited for others.
		begun ??= performance.now();
		watch.tell(progress);
	};
	try {
		await watch.renew();
		const isLarge = (progressIn(row.progress)?.expected ?? 0) > largeFrom;
		const looking = { signal: ending.signal, isLarge, tell };
		const built = await threadOf(ctx.settings).build(ctx, await jobOf(ctx, person, row), looking);
		if (begun !== undefined) learn(ctx.settings, built, performance.now() - begun);
		await watch.end();
		if (!(await finish(ctx, row, built, waitedFor))) await removeOwn(ctx, row);
	} catch (error) {
		await watch.end();
		await failed(ctx, row, error, ending.signal.aborted);
	} finally {
		builds.delete(row.id);
	}
}

async function failed(ctx: Context, row: ExportTable, err: unknown, wasEnded: boolean): Promise<void> {
	if (wasEnded || (await isAnothers(ctx, row))) return removeOwn(ctx, row);
	const { leasedUntil } = row;
	const free = { leasedUntil: null };
	// The portal closes: whoever opens it next goes on at once.
	if (err instanceof ThreadStopped)
		return void (await updateExport(
			ctx,
			row,
			'building',
			{ ...free, attempts: row.attempts - 1 },
			{ leasedUntil }
		));
	ctx.log.error({ err, export: row.id, attempts: row.attempts }, 'an export could not be built');
	const isFull = noRoom.includes(String((err as NodeJS.ErrnoException).code));
	// The last try begins anew: what does not read may be what an earlier one wrote.
	if (!isFull && row.attempts === triesAtMost - 1) await removeFiles(ctx, row.personId, row.id);
	if (!isFull && row.attempts < triesAtMost)
		return void (await updateExport(
			ctx,
			row,
			'building',
			{ ...free, nextAttemptAt: nextAttempt(ctx.clock, row.attempts) },
			{ leasedUntil }
		));
	// First the room, then the row: the disk may be too full for it.
	await removeFiles(ctx, row.personId, row.id);
	await transaction(ctx, async (ctx) => {
		if (!(await audit.holdPerson(ctx, row.personId))) return;
		const failure = isFull ? 'no-room' : 'could-not-build';
		const nextAttemptAt = instant(ctx.clock.now());
		const given = { state: 'failed' as const, failure, progress: null, nextAttemptAt, ...free };
		if (await updateExport(ctx, row, 'building', given, { leasedUntil }))
			await audit.record(ctx, row.personId, 'export-failed');
	});
}

async function expire(ctx: Context, row: ExportTable): Promise<void> {
	await removeFiles(ctx, row.personId, row.id);
	await deleteVolumes(ctx, row.personId, row.id);
	await updateExport(ctx, row, 'ready', {
		state: 'expired',
		nextAttemptAt: null,
		leasedUntil: null,
		bytes: null,
		sha256: null
	});
}

/** What somebody left who ended before all files were gone: of an export that nobody wants, or that was being locked. */
async function sweep(ctx: Context, row: ExportTable): Promise<void> {
	const isReady = row.state === 'ready';
	if (isReady) await removeRest(ctx, row.personId, row.id, row.locked === 1);
	else await removeFiles(ctx, row.personId, row.id);
	const nextAttemptAt = isReady ? row.expiresAt : null;
	await updateExport(ctx, row, row.state, { nextAttemptAt, leasedUntil: null });
}

async function workOn(ctx: Context, { personId, id, leasedUntil }: Claim): Promise<void> {
	const row = await selectExport(ctx, personId, id);
	if (row?.state === 'building') {
		const person = { id: personId, timeZone: await delivery.timeZoneOf(ctx, personId) };
		return work(ctx, person, { ...row, leasedUntil });
	}
	// Its person may have asked for longer since it was found.
	if (row?.state === 'ready' && (row.expiresAt ?? '') <= instant(ctx.clock.now())) await expire(ctx, row);
	else if (row && row.state !== 'expired') await sweep(ctx, row);
}

/** Exports left by a process that died go on where they were; finished ones are destroyed on their day. */
export const exportWork: WorkKind<Context> = {
	name: 'exports',
	run: async (ctx) => {
		const claims = await claimDue(ctx, 'export', 4);
		await Promise.all(claims.map((claim) => workOn(ctx, claim)));
		return claims.length;
	}
};

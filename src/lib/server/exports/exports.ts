// Promise: a person takes away everything that is held, when they want, as a ZIP that is complete or says so.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Person } from '../accounts/people.ts';
import { allow, isAllowed, type Prover } from '../accounts/step-up/step-up.ts';
import * as audit from '../audit/audit.ts';
import type { Context } from '../context.ts';
import * as delivery from '../delivery/delivery.ts';
import { after, dayOf, instant } from '../platform/clock.ts';
import { transaction } from '../platform/database/transaction.ts';
import { openSealedFile } from '../platform/keys/sealed-file.ts';
import { claimDue, nextAttempt, type WorkKind } from '../platform/work/work.ts';
import type { ExportTable } from '../schema.ts';
import { countHeld, type Count } from '../personal-data-contract.ts';
import { sealedName, type Built } from './build.ts';
import type { Job } from './job.ts';
import { countSince, insertExport, selectExport, selectExports, updateExport } from './queries.ts';
import { threadOf } from './thread.ts';

export { build, type Built } from './build.ts';
export type { Job } from './job.ts';
export {
	threadOf,
	type Answer,
	type Equipment,
	type Failure,
	type Order,
	type Question,
	type Signature
} from './thread.ts';

/** How many a day (STANDARDS §7.6), how long a finished one is kept, how often a broken one is tried again. */
const perDay = 10;
const keptDays = 7;
const triesAtMost = 3;

export interface Export {
	id: string;
	state: ExportTable['state'];
	categories: readonly string[];
	createdAt: string;
	readyAt: string | null;
	expiresAt: string | null;
	bytes: number | null;
	records: number | null;
	sha256: string | null;
	complete: boolean;
}

const folder = 'exports';

/** Where an export lies: a name that says nothing, below a folder that belongs to no name either. */
export const pathOf = (ctx: Context, personId: string, id: string) =>
	join(ctx.settings.dataFolder, folder, personId, `${id}.sealed`);

const toExport = ({
	id,
	state,
	categories,
	createdAt,
	readyAt,
	expiresAt,
	bytes,
	records,
	sha256,
	complete
}: ExportTable): Export => ({
	id,
	state,
	categories: categories.split(' ').filter(Boolean),
	createdAt,
	readyAt,
	expiresAt,
	bytes,
	records,
	sha256,
	complete: complete === 1
});

/** What can be chosen: each holding with its number of entries. */
export const choices = (ctx: Context, personId: string): Promise<Count[]> => countHeld(ctx, personId);

const jobOf = (
	ctx: Context,
	person: Pick<Person, 'id' | 'timeZone'>,
	row: Pick<ExportTable, 'id' | 'categories' | 'language'>
): Job => ({
	personId: person.id,
	exportId: row.id,
	categories: row.categories ? row.categories.split(' ') : undefined,
	language: row.language,
	timeZone: person.timeZone,
	path: pathOf(ctx, person.id, row.id)
});

/** Answers false when the export is not wanted any more: its person has left meanwhile. */
async function finish(
	ctx: Context,
	personId: string,
	id: string,
	built: Built,
	waitedFor: () => boolean
): Promise<boolean> {
	const now = ctx.clock.now();
	const expiresAt = instant(after(now, keptDays, 'days'));
	return transaction(ctx, async (ctx) => {
		if (!(await audit.holdPerson(ctx, personId))) return false;
		const { bytes, records, sha256 } = built;
		const change = {
			state: 'ready' as const,
			readyAt: instant(now),
			expiresAt,
			bytes,
			records,
			sha256,
			complete: built.complete ? 1 : 0,
			nextAttemptAt: expiresAt,
			leasedUntil: null
		};
		if (!(await updateExport(ctx, { personId, id }, 'building', change))) return false;
		await audit.record(ctx, personId, 'export-ready', { records, bytes });
		await delivery.tellListeners(ctx, personId, 'export.ready', { export: id, complete: built.complete });
		if (!waitedFor()) await delivery.send(ctx, personId, { template: 'export-ready', values: { expiresAt } });
		return true;
	});
}

/** Builds and finishes; a failure is due again later, and after the third the export has failed and says so. */
async function work(
	ctx: Context,
	person: Pick<Person, 'id' | 'timeZone'>,
	row: ExportTable,
	waitedFor = () => false
): Promise<void> {
	// A renewal that fails is tried again in a minute; unheard, it would end the process.
	const renew = () =>
		updateExport(ctx, row, 'building', { leasedUntil: instant(after(ctx.clock.now(), 5, 'minutes')) }).catch(
			() => false
		);
	const lease = setInterval(() => void renew(), 60_000);
	try {
		const built = await threadOf(ctx.settings).build(ctx, jobOf(ctx, person, row));
		if (!(await finish(ctx, person.id, row.id, built, waitedFor)))
			await rm(pathOf(ctx, person.id, row.id), { force: true });
	} catch (err) {
		ctx.log.error({ err, export: row.id, attempts: row.attempts }, 'an export could not be built');
		const given =
			row.attempts >= triesAtMost
				? { state: 'failed' as const, failure: 'could-not-build', nextAttemptAt: null }
				: { nextAttemptAt: nextAttempt(ctx.clock, row.attempts) };
		await updateExport(ctx, row, 'building', { ...given, leasedUntil: null });
	} finally {
		clearInterval(lease);
	}
}

/**
 * Orders an export of the chosen categories (all where the list is empty) and builds it at once, off the main thread.
 * Resolves when it is ready, or after `patience` milliseconds with the export still building: the person is then written
 * to. This session may open the result for a day. Refuses `too-many-exports` beyond ten a day, `unknown-category`.
 */
export async function order(
	ctx: Context,
	person: Person,
	choice: { categories: readonly string[]; language: string; sessionId: string },
	patience = 8_000
): Promise<Export | { refused: 'too-many-exports' | 'unknown-category' }> {
	const known = new Set((await choices(ctx, person.id)).map(({ category }) => category));
	if (choice.categories.some((category) => !known.has(category))) return { refused: 'unknown-category' };
	const now = ctx.clock.now();
	if ((await countSince(ctx, person.id, instant(after(now, -1, 'days')))) >= perDay)
		return { refused: 'too-many-exports' };

	const row = newExport(ctx, person.id, choice);
	await transaction(ctx, async (ctx) => {
		await insertExport(ctx, row);
		await audit.record(ctx, person.id, 'export-ordered');
	});
	await allow(ctx, { personId: person.id, sessionId: choice.sessionId }, `export:${row.id}`);
	let waited = true;
	const tooLong = new Promise<void>((resolve) => setTimeout(resolve, patience).unref()).then(() => {
		waited = false;
	});
	await Promise.race([work(ctx, person, row, () => waited), tooLong]);
	return toExport((await selectExport(ctx, person.id, row.id)) as ExportTable);
}

function newExport(
	ctx: Context,
	personId: string,
	{ categories, language }: { categories: readonly string[]; language: string }
): ExportTable {
	const now = ctx.clock.now();
	const none = {
		readyAt: null,
		expiresAt: null,
		bytes: null,
		records: null,
		sha256: null,
		complete: null,
		failure: null,
		since: null,
		until: null,
		volumeBytes: null,
		completes: null,
		progress: null,
		missing: null
	};
	// Claimed by this very process from the start: should it die, the lease runs out and the work is found again.
	const due = { nextAttemptAt: instant(now), leasedUntil: instant(after(now, 5, 'minutes')), attempts: 1 };
	return {
		personId,
		id: ctx.ids.next(),
		state: 'building',
		categories: categories.join(' '),
		language,
		createdAt: instant(now),
		...none,
		...due
	};
}

/** The person's exports, newest first. */
export const list = async (ctx: Context, personId: string): Promise<Export[]> =>
	(await selectExports(ctx, personId)).map(toExport);

export async function find(ctx: Context, personId: string, id: string): Promise<Export | undefined> {
	const row = await selectExport(ctx, personId, id);
	return row && toExport(row);
}

/** Whether this session may open the export without proving again: for a day after it did. */
export const opens = (ctx: Context, prover: Prover, id: string): Promise<boolean> =>
	isAllowed(ctx, prover, `export:${id}`, 24);

/** Lets this session open the export for a day; after a fresh proof. */
export const letOpen = (ctx: Context, prover: Prover, id: string): Promise<void> =>
	allow(ctx, prover, `export:${id}`);

/** The plain bytes of a finished export from `start` up to and without `end`. */
export async function content(
	ctx: Context,
	personId: string,
	id: string,
	start = 0,
	end = Infinity
): Promise<AsyncGenerator<Buffer>> {
	return openSealedFile(pathOf(ctx, personId, id), await ctx.keys.of(personId), sealedName(id), start, end);
}

/** `classting-2026-11-22.zip` */
export const fileName = (ctx: Context, { createdAt }: Export): string =>
	`${ctx.organisation.organisation.id}-${dayOf(new Date(createdAt))}.zip`;

async function expire(ctx: Context, row: ExportTable): Promise<void> {
	await rm(pathOf(ctx, row.personId, row.id), { force: true });
	await updateExport(ctx, row, 'ready', {
		state: 'expired',
		nextAttemptAt: null,
		leasedUntil: null,
		bytes: null,
		sha256: null
	});
}

/** Exports left by a process that died are built again; finished ones are destroyed on their day. */
export const exportWork: WorkKind<Context> = {
	name: 'exports',
	run: async (ctx) => {
		const claims = await claimDue(ctx, 'export', 2);
		for (const { personId, id } of claims) {
			const row = await selectExport(ctx, personId, id);
			if (row?.state === 'ready') await expire(ctx, row);
			if (row?.state === 'building')
				await work(ctx, { id: personId, timeZone: await delivery.timeZoneOf(ctx, personId) }, row);
		}
		return claims.length;
	}
};

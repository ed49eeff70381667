// Promise: a system outside that still has to erase somebody hears of it also when an older portal database came back meanwhile.
import { randomBytes, type KeyObject } from 'node:crypto';
import { identifiersOf } from '../../accounts/identifiers.ts';
import type { Context } from '../../context.ts';
import { instant } from '../../platform/clock.ts';
import { open, seal } from '../../platform/keys/keys.ts';
import type { CaseRecipientTable, CaseSourceTable, ErasureCaseTable } from '../../schema.ts';
import { farewellOf, reseal, type Farewell } from './case.ts';
import { waitingFor } from './outside.ts';
import {
	deleteSources,
	insertCase,
	insertRecipients,
	insertSources,
	selectCase,
	selectRecipients,
	selectSources,
	updateCase
} from './queries.ts';

/** What makes the case anew; it lies beside the case's key, outside the portal database, and dies with that key. */
interface Note extends Pick<ErasureCaseTable, 'requestedAt' | 'eraseAt' | 'lockedAt' | 'plan'> {
	/** Base64. */
	claimHash: string;
	farewell: Farewell;
	recipients?: CaseRecipientTable[];
	sources?: Pick<CaseSourceTable, 'source' | 'held' | 'kept'>[];
}

const placeOf = (id: string) => ({ table: 'case_key', column: 'note', row: id });
const batch = 100;

const write = (ctx: Context, caseId: string, key: KeyObject, note: Note): Promise<void> =>
	ctx.caseKeys.note(caseId, seal(key, placeOf(caseId), note));

/**
 * Before the point of no return: afterwards nobody could say any more of whom the sources are to be told. And again whenever the
 * case has gone on, so that a case made anew signs what is true. The address is not among it: nobody is written to twice.
 */
export async function noteDown(ctx: Context, caseId: string): Promise<void> {
	const found = await selectCase(ctx, caseId);
	const farewell = found && (await farewellOf(ctx, found));
	const all = await selectSources(ctx, caseId);
	// Not born again where another process has closed the case.
	const key = await ctx.caseKeys.find(caseId);
	if (!farewell || !key || all.length === 0) return;
	const { requestedAt, eraseAt, lockedAt, plan } = found;
	const claimHash = found.claimHash.toString('base64');
	await write(ctx, caseId, key, {
		...{ requestedAt, eraseAt, lockedAt, plan, claimHash },
		farewell: { ...farewell, reader: undefined },
		recipients: await selectRecipients(ctx, caseId),
		sources: all.map(({ source, held, kept }) => ({ source, held, kept }))
	});
}

/**
 * Somebody whose tombstone is known and whose key an older keys database brought back: while it opens who they are, that is
 * noted, so that the sources, which may be older now too, are told once more. Twice is told twice, which changes nothing.
 */
export async function noteBroughtBack(ctx: Context, personId: string): Promise<void> {
	if (ctx.organisation.sources.length === 0 || !(await ctx.keys.exists(personId))) return;
	const external = (await identifiersOf(ctx, personId)).find(({ kind }) => kind === 'external');
	if (!external) return;
	const now = instant(ctx.clock.now());
	const caseId = ctx.ids.next();
	await write(ctx, caseId, await ctx.caseKeys.birth(caseId), {
		requestedAt: now,
		eraseAt: now,
		lockedAt: now,
		plan: null,
		claimHash: randomBytes(32).toString('base64'),
		farewell: { reader: undefined, personId, externalId: external.value, claimCode: '' }
	});
}

async function reopenOne(ctx: Context, caseId: string, sealed: Buffer): Promise<boolean> {
	const found = await selectCase(ctx, caseId);
	// It goes on by itself.
	if (found?.state === 'locked' || found?.state === 'erased') return false;
	const key = await ctx.caseKeys.find(caseId);
	if (!key) return false;
	const note = open<Note>(key, placeOf(caseId), sealed);
	const { claimHash, farewell, recipients = [], sources = [], ...rest } = note;
	const now = instant(ctx.clock.now());
	// Not the day on which it is made anew: the certificate says it.
	const erasedAt = (await ctx.keys.erasedAt(farewell.personId ?? '')) ?? now;
	const due = { nextAttemptAt: now, leasedUntil: null, attempts: 0 };
	const known = { ...rest, state: 'erased' as const, erasedAt, toldAt: now, ...due };
	if (found) await updateCase(ctx, caseId, known);
	else
		await insertCase(ctx, {
			id: caseId,
			claimHash: Buffer.from(claimHash, 'base64'),
			sealed: null,
			...known
		});
	// Whoever was written to then is not written to again.
	await reseal(ctx, caseId, { ...farewell, reader: undefined });
	await deleteSources(ctx, caseId);
	const waiting = waitingFor(ctx, caseId, { since: rest.lockedAt ?? now, held: new Map() });
	await insertSources(
		ctx,
		waiting.map((row) => ({ ...row, ...sources.find(({ source }) => source === row.source) }))
	);
	await insertRecipients(
		ctx,
		recipients.map((one) => ({ ...one, attempts: 0 }))
	);
	return true;
}

/** Makes anew the cases that an older portal database does not have any more; answers how many. May run twice. */
export async function reopen(ctx: Context): Promise<number> {
	let reopened = 0;
	for (let last = ''; ;) {
		const notes = await ctx.caseKeys.notes(last, batch);
		for (const { caseId, note } of notes) if (await reopenOne(ctx, caseId, note)) reopened += 1;
		if (notes.length < batch) return reopened;
		last = notes.at(-1)?.caseId ?? '';
	}
}

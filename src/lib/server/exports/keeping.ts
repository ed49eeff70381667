// Promise: a finished export stays as long as its person asks, within bounds.
import * as audit from '../audit/audit.ts';
import type { Context } from '../context.ts';
import { after, instant } from '../platform/clock.ts';
import { transaction } from '../platform/database/transaction.ts';
import type { ExportTable } from '../schema.ts';
import { selectExport, updateExport } from './queries.ts';

/** How much longer a time, and how often: four weeks in all. */
const furtherDays = 7;
export const prolongedAtMost = 3;

export type NotThere = { refused: 'export-unknown' | 'export-not-ready' };

/** An export that is there to be downloaded. */
export async function readyRow(ctx: Context, personId: string, id: string): Promise<ExportTable | NotThere> {
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
		// What is due already, because something of it is left to be removed, stays due.
		const nextAttemptAt = row.nextAttemptAt === row.expiresAt ? expiresAt : row.nextAttemptAt;
		const change = { expiresAt, nextAttemptAt, prolonged: row.prolonged + 1 };
		if (!(await updateExport(ctx, row, 'ready', change))) return { refused: 'export-not-ready' };
		await audit.record(ctx, personId, 'export-prolonged', { expiresAt });
		return { expiresAt };
	});
}

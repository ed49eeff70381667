// Promise: whatever was done with a person's data is written down in the transaction that did it, for the person to read.
import type { Context } from '../context.ts';
import { instant } from '../platform/clock.ts';
import { open, seal } from '../platform/keys/keys.ts';
import { insertEvent, selectEvents } from './queries.ts';

export interface AuditEvent {
	id: string;
	kind: string;
	actor: string;
	at: string;
	details: Record<string, string | number>;
}

const place = (id: string) => ({ table: 'audit_event', column: 'sealed', row: id });

/**
 * Writes one event under the person's key. `kind` is a code whose sentence stands at `activity:event.<kind>`;
 * `details` fill its placeholders and may hold personal values: they are sealed.
 */
export async function record(
	ctx: Context,
	personId: string,
	kind: string,
	details: AuditEvent['details'] = {}
): Promise<void> {
	const id = ctx.ids.next();
	const key = await ctx.keys.of(personId);
	await insertEvent(ctx, {
		personId,
		id,
		kind,
		actor: ctx.actor,
		at: instant(ctx.clock.now()),
		sealed: seal(key, place(id), details)
	});
}

/** A person's events, newest first, a page at a time; `before` is the id of the last one seen. */
export async function page(
	ctx: Context,
	personId: string,
	before: string | undefined,
	limit: number
): Promise<AuditEvent[]> {
	const key = await ctx.keys.of(personId);
	const rows = await selectEvents(ctx, personId, before, limit);
	return rows.map(({ id, kind, actor, at, sealed }) => ({
		id,
		kind,
		actor,
		at,
		details: open(key, place(id), sealed)
	}));
}

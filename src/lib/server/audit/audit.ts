// Promise: whatever was done with a person's data is written down in the transaction that did it, for the person to read.
import type { KeyObject } from 'node:crypto';
import type { Context } from '../context.ts';
import { instant } from '../platform/clock.ts';
import { transaction } from '../platform/database/transaction.ts';
import { open } from '../platform/keys/keys.ts';
import { append, appendMany, place, type EventsOf } from './chain.ts';
import type { AuditEvent } from './commitments.ts';
import { selectEvents } from './queries.ts';

export { PersonLocked } from './chain.ts';
export { holdPeople, holdPerson } from './queries.ts';
export type { AuditEvent } from './commitments.ts';
export { checkProof, type ProofProblem } from './proof/check.ts';
export { proof, proofFormat } from './proof/proof.ts';
export type { Finding } from './verification/findings.ts';
export { newestHead } from './tree/heads.ts';
export { readHead } from './verification/heads.ts';
export { verify, type Verification } from './verification/verification.ts';

/**
 * Writes one event under the person's key, at the end of their chain. `kind` is a code whose sentence stands at
 * `activity:event.<kind>`; `details` fill its placeholders and may hold personal values: they are sealed. Throws `PersonLocked`
 * once the person's erasure has begun, and so undoes the transaction that was about to change what the erasure has counted.
 */
export async function record(
	ctx: Context,
	personId: string,
	kind: string,
	details: AuditEvent['details'] = {}
): Promise<void> {
	const key = await ctx.keys.of(personId);
	const event = { id: ctx.ids.next(), kind, actor: ctx.actor, at: instant(ctx.clock.now()), details };
	await transaction(ctx, (ctx) => append(ctx, personId, key, event));
}

/** What happened to a person, for `recordMany`. */
export interface Happened {
	personId: string;
	key: KeyObject;
	kind: string;
	details: AuditEvent['details'];
}

/** The same for many events of many people; each one's are chained in the order given. Throws `PersonLocked` for any of them. */
export async function recordMany(ctx: Context, happened: readonly Happened[]): Promise<void> {
	if (!happened.length) return;
	const people = new Map<string, EventsOf & { events: AuditEvent[] }>();
	const at = instant(ctx.clock.now());
	for (const { personId, key, kind, details } of happened) {
		const event = { id: ctx.ids.next(), kind, actor: ctx.actor, at, details };
		const known = people.get(personId);
		if (known) known.events.push(event);
		else people.set(personId, { key, events: [event] });
	}
	await transaction(ctx, (ctx) => appendMany(ctx, people));
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

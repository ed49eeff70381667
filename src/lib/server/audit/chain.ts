// Promise: the events of one person form one chain, however many transactions write to it at once.
import type { KeyObject } from 'node:crypto';
import type { Context } from '../context.ts';
import { seal } from '../platform/keys/keys.ts';
import { commitmentOf, endingOf, saltOf, type AuditEvent } from './commitments.ts';
import { insertEvent, lockChain, updateChain, updateEvent } from './queries.ts';

/** Where an event's details are sealed for. */
export const place = (id: string) => ({ table: 'audit_event', column: 'sealed', row: id });

/** The event's number and commitment at the end of the person's chain, which is theirs until the transaction ends. */
async function linked(ctx: Context, personId: string, key: KeyObject, event: AuditEvent) {
	const salt = saltOf(key);
	const last = await lockChain(ctx, personId);
	const number = last.events + 1;
	const commitment = commitmentOf(salt, last.commitment, { ...event, number });
	await updateChain(ctx, { personId, events: number, commitment, ending: endingOf(salt, commitment) });
	return { number, commitment };
}

/** Within a transaction. */
export async function append(
	ctx: Context,
	personId: string,
	key: KeyObject,
	event: AuditEvent
): Promise<void> {
	const { id, kind, actor, at, details } = event;
	const link = await linked(ctx, personId, key, event);
	const sealed = seal(key, place(id), details);
	await insertEvent(ctx, { personId, id, kind, actor, at, sealed }, link);
}

/** The same for an event that was written before there were chains. */
export async function appendOlder(
	ctx: Context,
	personId: string,
	key: KeyObject,
	event: AuditEvent
): Promise<void> {
	await updateEvent(ctx, personId, event.id, await linked(ctx, personId, key, event));
}

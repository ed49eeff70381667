// Promise: the events of one person form one chain, however many transactions write to it at once.
import type { KeyObject } from 'node:crypto';
import type { Context } from '../context.ts';
import { seal } from '../platform/keys/keys.ts';
import { commitmentOf, endingOf, saltOf, type AuditEvent } from './commitments.ts';
import { insertEvent, isLocked, lockChain, updateChain, updateEvent } from './queries.ts';

/** Thrown in the transaction of whatever was about to change something of a person whose erasure has begun. */
export class PersonLocked extends Error {
	constructor() {
		super('the erasure of this person has begun');
		this.name = 'PersonLocked';
	}
}

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

/** Within a transaction. Throws `PersonLocked` once the person's erasure has begun: what it counted stays so. */
export async function append(
	ctx: Context,
	personId: string,
	key: KeyObject,
	event: AuditEvent
): Promise<void> {
	const { id, kind, actor, at, details } = event;
	const link = await linked(ctx, personId, key, event);
	// Asked behind the lock of the chain, which the step that locks a person holds too: whoever comes later is turned away.
	if (await isLocked(ctx, personId)) throw new PersonLocked();
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

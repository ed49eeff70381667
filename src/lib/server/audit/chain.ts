// Promise: the events of one person form one chain, however many transactions write to it at once.
import type { KeyObject } from 'node:crypto';
import type { Context } from '../context.ts';
import type { AuditEventTable } from '../schema.ts';
import { seal } from '../platform/keys/keys.ts';
import { beginning, commitmentOf, endingOf, saltOf, type AuditEvent } from './commitments.ts';
import {
	insertEvent,
	insertEvents,
	isAnyLocked,
	isLocked,
	lockChain,
	lockChains,
	updateChain,
	updateChains,
	updateEvent
} from './queries.ts';

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

/** Events of one person, and the key that seals them. */
export interface EventsOf {
	key: KeyObject;
	events: readonly AuditEvent[];
}

/** The same for many people in a few statements; each one's events follow each other in the order given. */
export async function appendMany(ctx: Context, people: ReadonlyMap<string, EventsOf>): Promise<void> {
	const ids = [...people.keys()].sort();
	const before = await lockChains(ctx, ids);
	if (await isAnyLocked(ctx, ids)) throw new PersonLocked();
	const rows: Omit<AuditEventTable, 'position'>[] = [];
	const ends = ids.map((personId) => {
		const { key, events } = people.get(personId) as EventsOf;
		const salt = saltOf(key);
		let { events: number, commitment } = before.get(personId) ?? { events: 0, commitment: beginning };
		for (const event of events) {
			number += 1;
			commitment = commitmentOf(salt, commitment, { ...event, number });
			const { details, ...row } = event;
			rows.push({ ...row, personId, sealed: seal(key, place(event.id), details), number, commitment });
		}
		return { personId, events: number, commitment, ending: endingOf(salt, commitment) };
	});
	await updateChains(ctx, ends);
	await insertEvents(ctx, rows);
}

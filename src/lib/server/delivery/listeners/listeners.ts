// Promise: the organisation's own systems hear of what they asked for, in the transaction of its cause: ids and codes, never a value.
import type { Context } from '../../context.ts';
import { instant } from '../../platform/clock.ts';
import { open } from '../../platform/keys/keys.ts';
import { tellPartner } from '../partners/partner-calls.ts';
import { insertListenerCall, selectExternalId } from './queries.ts';

type Tellable = Context['organisation']['listeners'][number]['tells'][number];

/** Of one person; what has to do with everybody is `tellListenersOfAll`'s. */
export type Personal = Exclude<Tellable, 'policy.announced' | 'incident.announced' | 'person.erased'>;

type Codes = Record<string, string | number | boolean | null>;

const listenersTo = ({ organisation }: Context, type: Tellable) =>
	organisation.listeners.filter(({ tells }) => tells.includes(type));

/** The person's id at the organisation, by which its systems know them. */
export async function externalIdOf(ctx: Context, personId: string): Promise<string> {
	const place = { table: 'identifier', column: 'sealed', row: 'external' };
	const { sealed } = await selectExternalId(ctx, personId);
	return open<string>(await ctx.keys.of(personId), place, sealed);
}

/**
 * Tells every listener that asked for `type`, in the caller's transaction, who the person is by the organisation's own id and
 * what `codes` say. Nobody listens: nothing is written.
 */
export async function tellListeners(
	ctx: Context,
	personId: string,
	type: Personal,
	codes: Codes = {}
): Promise<void> {
	const listeners = listenersTo(ctx, type);
	if (listeners.length === 0) return;
	const data = { externalId: await externalIdOf(ctx, personId), ...codes };
	for (const { id } of listeners)
		await tellPartner(ctx, personId, { partner: id, type, data, about: `listener:${type}` });
}

/** The same of what has to do with everybody: `about` names it, and it is told once a listener. */
export async function tellListenersOfAll(
	ctx: Context,
	type: 'policy.announced' | 'incident.announced',
	about: string,
	codes: Codes
): Promise<void> {
	const now = instant(ctx.clock.now());
	for (const { id: listener } of listenersTo(ctx, type))
		await insertListenerCall(ctx, {
			id: ctx.ids.next(),
			listener,
			type,
			about,
			codes: JSON.stringify(codes),
			state: 'waiting',
			createdAt: now,
			at: now,
			nextAttemptAt: now,
			leasedUntil: null,
			attempts: 0
		});
}

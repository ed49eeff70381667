// Promise: a listed agent asks in somebody's name as the Data Rights Protocol 1.0 says; nothing is told or done before that person confirms it.
import { createHash } from 'node:crypto';
import { find as findPerson, lookUp, type Person } from '../accounts/accounts.ts';
import type { Context } from '../context.ts';
import { instant } from '../platform/clock.ts';
import { optOutByAgent } from '../objections/signal.ts';
import { transaction } from '../platform/database/transaction.ts';
import { seal } from '../platform/keys/keys.ts';
import * as requests from '../requests/requests.ts';
import type { DrpRequestTable } from '../schema.ts';
import { agentOf, type Agent } from './directory.ts';
import { jsonOf, openEnvelope, signedBy, type EnvelopeRefusal } from './envelope.ts';
import { insertRequest, selectRequest, selectToken, updateOpen, upsertToken } from './queries.ts';
import { exerciseShape, revocationShape, type Exercise } from './shapes.ts';
import { isFinal, requestPlace, standingOf, statusObject, type StatusObject } from './status.ts';

export { isOpen, type Agent } from './directory.ts';
export type { StatusObject } from './status.ts';

const hashOf = (token: string): Buffer => createHash('sha256').update(token).digest();

const kinds: Readonly<Record<Exercise, requests.Kind>> = {
	'sale:opt-out': 'objection',
	'sale:opt-in': 'question',
	deletion: 'erasure',
	access: 'access',
	'access:categories': 'access',
	'access:specific': 'copy'
};

/** Gives an agent a token for a message signed with the key of the directory; undefined for everything else. */
export async function pair(
	ctx: Context,
	agentId: string,
	body: string
): Promise<{ 'agent-id': string; token: string } | undefined> {
	const agent = agentOf(ctx, agentId);
	const opened = agent && (await openEnvelope(ctx, agent, body));
	if (!opened || 'refused' in opened) return undefined;
	const token = ctx.ids.secret(32);
	await upsertToken(ctx, { agentId, hash: hashOf(token), createdAt: instant(ctx.clock.now()) });
	return { 'agent-id': agentId, token };
}

/** The agent whose token it is, as long as the directory lists them. */
export async function authenticate(ctx: Context, header: string | null): Promise<Agent | undefined> {
	const [, token] = /^Bearer +([A-Za-z0-9._~+/=-]{1,200})$/i.exec(header ?? '') ?? [];
	const row = token && (await selectToken(ctx, hashOf(token)));
	return row ? agentOf(ctx, row.agentId) : undefined;
}

/**
 * Opens what an agent asks in somebody's name. Claims about the person find them and prove nothing: the request waits for
 * them, and of somebody unknown the answer reads the same. An opt-out needs no proof and counts at once. Refuses what the envelope refuses, and `request-wrong`.
 */
export async function exercise(
	ctx: Context,
	agent: Agent,
	body: string
): Promise<StatusObject | { refused: EnvelopeRefusal | 'request-wrong' }> {
	const opened = await openEnvelope(ctx, agent, body);
	if ('refused' in opened) return opened;
	const checked = exerciseShape.safeParse(opened.value);
	if (!checked.success) return { refused: 'request-wrong' };
	const given = checked.data;
	const person = await claimed(ctx, given);
	const row = await transaction(ctx, async (ctx) => {
		// Nothing is waited for, and nothing of it is in the answer: it would tell that somebody is known.
		if (person && given.exercise === 'sale:opt-out') await optOutByAgent(ctx, person);
		const stored = rowOf(ctx, agent, given, await waiting(ctx, agent, given, person));
		await insertRequest(ctx, stored);
		return stored;
	});
	return statusObject(ctx, row, await standingOf(ctx, row));
}

type Given = (typeof exerciseShape)['_output'];

async function claimed(ctx: Context, { email, phone_number: phone }: Given): Promise<Person | undefined> {
	for (const identifier of [email, phone]) {
		const found = identifier ? await lookUp(ctx, identifier) : undefined;
		if (found && found.state !== 'erasing') return findPerson(ctx, found.personId);
	}
	return undefined;
}

/** The request of somebody known, or one that only looks so; to the agent both are due by the law of the protocol. */
async function waiting(
	ctx: Context,
	agent: Agent,
	{ exercise, regime }: Given,
	person: Person | undefined
): Promise<{ id: string; expectedBy: string }> {
	const kind = kinds[exercise];
	const receivedAt = ctx.clock.now();
	const named = regime ?? 'ccpa';
	// Opting out needs no proof (11 CCR § 7026(d)): it takes nothing from anybody.
	const toBeProved = exercise !== 'sale:opt-out';
	// The day of the protocol's own place, also for somebody known: a day of theirs would tell that they are, and where.
	const anybody = { country: 'US', region: 'CA', timeZone: 'America/Los_Angeles' };
	const { dueAt } = requests.dueFor(ctx, anybody, { kind, receivedAt, named });
	const opened =
		person && exercise !== 'sale:opt-in'
			? await requests.receive(
					ctx,
					person,
					{ kind, text: `${agent.name}: ${exercise}` },
					{ channel: 'agent', toBeProved, named }
				)
			: undefined;
	return { id: opened && 'id' in opened ? opened.id : ctx.ids.next(), expectedBy: instant(dueAt) };
}

/** Opting in again takes two steps of the person themselves (11 CCR § 7028): no agent does it for them. */
function rowOf(
	ctx: Context,
	agent: Agent,
	given: Given,
	{ id, expectedBy }: { id: string; expectedBy: string }
): DrpRequestTable {
	const now = instant(ctx.clock.now());
	const isDenied = given.exercise === 'sale:opt-in';
	const details = {
		agentRequestId: given['agent-request-id'] ?? given.agent_request_id,
		statusCallback: given.status_callback
	};
	return {
		id,
		agentId: agent.id,
		exercise: given.exercise,
		receivedAt: now,
		expectedBy,
		status: isDenied ? 'denied' : 'in_progress',
		reason: isDenied ? 'claim_not_covered' : null,
		sealed: seal(ctx.keys.portalKey, requestPlace(id), details),
		closedAt: isDenied ? now : null,
		nextAttemptAt: null,
		leasedUntil: null,
		attempts: 0
	};
}

/** Where a request of this agent stands. Refuses `not-yours` alike for one of another agent and one that is not there. */
export async function status(
	ctx: Context,
	agent: Agent,
	id: string
): Promise<StatusObject | { refused: 'not-yours' }> {
	const row = await selectRequest(ctx, id);
	if (row?.agentId !== agent.id) return { refused: 'not-yours' };
	return statusObject(ctx, row, await standingOf(ctx, row));
}

/** The agent takes a request back. Twice is once; what was decided stays. Refuses `not-yours`, and a wrong signature. */
export async function revoke(
	ctx: Context,
	agent: Agent,
	id: string,
	body: string
): Promise<StatusObject | { refused: EnvelopeRefusal | 'not-yours' | 'request-wrong' }> {
	const row = await selectRequest(ctx, id);
	if (row?.agentId !== agent.id) return { refused: 'not-yours' };
	const signed = signedBy(agent, body);
	if ('refused' in signed) return signed;
	const read = jsonOf(signed.message);
	if ('refused' in read) return read;
	if (!revocationShape.safeParse(read.value).success) return { refused: 'request-wrong' };
	return transaction(ctx, async (ctx) => {
		const before = await standingOf(ctx, row);
		if (isFinal(before.status)) return statusObject(ctx, row, before);
		const personId = await requests.ownerOf(ctx, id);
		if (personId) await requests.disown(ctx, personId, id, 'revoked');
		await updateOpen(ctx, id, { status: 'revoked', reason: null, closedAt: instant(ctx.clock.now()) });
		return statusObject(ctx, row, { status: 'revoked', reason: null });
	});
}

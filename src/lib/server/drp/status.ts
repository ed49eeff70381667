// Promise: what an agent is told of a request follows from the request itself; of somebody unknown it reads the same as of somebody who does not answer.
import type { Context } from '../context.ts';
import { instant } from '../platform/clock.ts';
import { open } from '../platform/keys/keys.ts';
import * as requests from '../requests/requests.ts';
import type { DrpRequestTable } from '../schema.ts';

export type Status = 'open' | 'in_progress' | 'fulfilled' | 'revoked' | 'denied' | 'expired';

export interface Standing {
	status: Status;
	reason: string | null;
}

/** The status object of the protocol. */
export interface StatusObject {
	request_id: string;
	received_at: string;
	expected_by: string;
	agent_request_id?: string;
	status: Status;
	reason?: string;
	user_verification_url?: string;
	results_url?: string;
}

export interface SealedDrpRequest {
	agentRequestId?: string | undefined;
	statusCallback?: string | undefined;
}

export const requestPlace = (id: string) => ({ table: 'drp_request', column: 'sealed', row: id });

const finals: readonly Status[] = ['fulfilled', 'revoked', 'denied', 'expired'];
export const isFinal = (status: Status): boolean => finals.includes(status);

const reasons: Readonly<Record<string, string>> = {
	'not-identified': 'insuf_verification',
	'nothing-held': 'no_match',
	unfounded: 'too_many_requests'
};

function decided({ decision, ground }: requests.Request): Standing {
	if (decision === 'refused')
		return { status: 'denied', reason: reasons[ground ?? ''] ?? 'claim_not_covered' };
	if (decision === 'not-mine') return { status: 'denied', reason: 'suspected_fraud' };
	if (decision === 'revoked') return { status: 'revoked', reason: null };
	return { status: 'fulfilled', reason: null };
}

const proving: Standing = { status: 'in_progress', reason: 'need_user_verification' };
const working: Standing = { status: 'in_progress', reason: null };

/** Nobody known was asked for, or nobody has answered: both wait and end on the same day. An opt-out has nothing to end: done. */
function unmatched(ctx: Context, { exercise, expectedBy }: DrpRequestTable): Standing {
	const isOver = expectedBy < instant(ctx.clock.now());
	if (exercise === 'sale:opt-out') return isOver ? { status: 'fulfilled', reason: null } : working;
	return isOver ? { status: 'expired', reason: 'need_user_verification' } : proving;
}

/** Where a request stands now. What was final once stays so, also when its person is gone. */
export async function standingOf(ctx: Context, row: DrpRequestTable): Promise<Standing> {
	if (row.closedAt) return { status: row.status as Status, reason: row.reason };
	const personId = await requests.ownerOf(ctx, row.id);
	const found = personId && (await ctx.keys.find(personId)) && (await requests.find(ctx, personId, row.id));
	if (!found) return unmatched(ctx, row);
	const { request } = found;
	if (request.state === 'waiting-for-proof' || request.decision === 'unproved') return unmatched(ctx, row);
	return request.state === 'closed' ? decided(request) : working;
}

export const sealedOf = (
	ctx: Context,
	{ id, sealed }: Pick<DrpRequestTable, 'id' | 'sealed'>
): SealedDrpRequest => open<SealedDrpRequest>(ctx.keys.portalKey, requestPlace(id), sealed);

export function statusObject(ctx: Context, row: DrpRequestTable, { status, reason }: Standing): StatusObject {
	const { agentRequestId } = sealedOf(ctx, row);
	const page = `${ctx.settings.origin}/requests/${row.id}`;
	return {
		request_id: row.id,
		received_at: row.receivedAt,
		expected_by: row.expectedBy,
		...(agentRequestId !== undefined && { agent_request_id: agentRequestId }),
		status,
		...(reason && { reason }),
		...(reason === 'need_user_verification' && status === 'in_progress' && { user_verification_url: page }),
		...(status === 'fulfilled' && row.exercise.startsWith('access') && { results_url: page })
	};
}

// One step-up opens one finished export, with all its volumes and ranges, for a day in that session.
import type { RequestEvent } from '@sveltejs/kit';
import * as exports from '$lib/server/exports/exports';
import { requireProof } from '../../../step-up';

export async function opened(
	event: Pick<RequestEvent, 'locals' | 'url' | 'request'>,
	id: string
): Promise<void> {
	const { ctx, person, session } = event.locals;
	const prover = { personId: person.id, sessionId: session.id };
	if (await exports.opens(ctx, prover, id)) return;
	await requireProof(event);
	await exports.letOpen(ctx, prover, id);
}

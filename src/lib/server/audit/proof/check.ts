// Promise: a proof is checked from what stands in it and the portal's public keys, without a database.
import { createSecretKey } from 'node:crypto';
import { z } from 'zod';
import { leafHash, rootFrom } from '../../platform/merkle/tree.ts';
import { commitmentOf } from '../commitments.ts';
import type { Head } from '../tree/heads.ts';
import { proofFormat } from './proof.ts';

const hash = z.string().regex(/^[0-9a-f]{64}$/);
const count = z.int().min(0);

const event = z.object({
	number: count,
	id: z.string(),
	at: z.string(),
	kind: z.string(),
	actor: z.string(),
	details: z.record(z.string(), z.union([z.string(), z.number()])),
	commitment: hash,
	position: count.nullable(),
	path: z.array(hash).nullable()
});

const document = z.object({
	format: z.literal(proofFormat),
	head: z.object({ size: count, root: hash, at: z.string() }).nullable(),
	jws: z.string().nullable(),
	salt: hash,
	eventsInAll: count,
	eventsLeftOut: count,
	previous: hash,
	events: z.array(event)
});

export type ProofProblem =
	| { found: 'not-a-proof' }
	| { found: 'head-forged' }
	| { found: 'events-missing' }
	| { found: 'event-changed'; number: number }
	| { found: 'path-wrong'; number: number };

export interface ProofVerdict {
	events: number;
	/** Of these, how many the signed head holds. */
	proved: number;
	head: Head | undefined;
	problems: ProofProblem[];
}

const bytes = (hex: string): Buffer => Buffer.from(hex, 'hex');

function* problemsOf(proof: z.infer<typeof document>): Generator<ProofProblem> {
	const salt = createSecretKey(bytes(proof.salt));
	let [previous, number] = [bytes(proof.previous), proof.eventsLeftOut];
	for (const event of proof.events) {
		if (event.number !== (number += 1)) return yield { found: 'events-missing' };
		const commitment = bytes(event.commitment);
		if (!commitmentOf(salt, previous, event).equals(commitment)) yield { found: 'event-changed', number };
		previous = commitment;
		if (!proof.head || event.position === null || event.path === null) continue;
		const root = rootFrom(event.position, proof.head.size, leafHash(commitment), event.path.map(bytes));
		if (root?.toString('hex') !== proof.head.root) yield { found: 'path-wrong', number };
	}
	if (number !== proof.eventsInAll) yield { found: 'events-missing' };
}

/** `readHead` answers what a signed head says, and undefined for one that the portal did not sign. */
export async function checkProof(
	value: unknown,
	readHead: (jws: string) => Promise<Head | undefined>
): Promise<ProofVerdict> {
	const parsed = document.safeParse(value);
	if (!parsed.success) return { events: 0, proved: 0, head: undefined, problems: [{ found: 'not-a-proof' }] };
	const proof = parsed.data;
	const signed = proof.jws === null ? undefined : await readHead(proof.jws);
	const { head } = proof;
	const fits = head
		? signed?.size === head.size && signed.root === head.root && signed.at === head.at
		: proof.jws === null && proof.events.every(({ path }) => path === null);
	const problems = [...problemsOf(proof)];
	return {
		events: proof.events.length,
		proved: proof.events.filter(({ path }) => path !== null).length,
		head: head ?? undefined,
		problems: fits ? problems : [{ found: 'head-forged' }, ...problems]
	};
}

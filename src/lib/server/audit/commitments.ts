// Promise: an event commits to everything before it, and only whoever holds the person's key can make or test a commitment.
import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import { canonicalJson } from '../platform/canonical-json.ts';
import { derive } from '../platform/keys/derive.ts';

export interface AuditEvent {
	id: string;
	kind: string;
	actor: string;
	at: string;
	details: Record<string, string | number>;
}

export interface NumberedEvent extends AuditEvent {
	/** 1, 2, … per person, in the order in which they were written down. */
	number: number;
}

/** What the first event of a person follows upon. */
export const beginning: Buffer = Buffer.alloc(32);

const salts = new WeakMap<KeyObject, KeyObject>();

/** Dies with the person's key: from then on nobody can test what a commitment stood for. */
export function saltOf(key: KeyObject): KeyObject {
	let salt = salts.get(key);
	if (!salt) salts.set(key, (salt = createSecretKey(derive(key, 'audit-commitment'))));
	return salt;
}

/** HMAC-SHA256 under the salt over the commitment before and the event as canonical JSON (RFC 8785). */
export function commitmentOf(salt: KeyObject, previous: Uint8Array, event: NumberedEvent): Buffer {
	const { id, kind, actor, at, details, number } = event;
	return createHmac('sha256', salt)
		.update(previous)
		.update(canonicalJson({ id, kind, actor, at, details, number }))
		.digest();
}

/**
 * What proves that the chain ends with that commitment: without it, whoever can write to the database could drop the last
 * events and put back the commitment of an earlier one.
 */
export const endingOf = (salt: KeyObject, commitment: Uint8Array): Buffer =>
	createHmac('sha256', salt).update('end').update(commitment).digest();

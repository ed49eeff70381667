// Promise: a sealed value opens only with its key and only in the place for which it was sealed.
import { createCipheriv, createDecipheriv, randomBytes, type KeyObject } from 'node:crypto';

/** Where a value stands; bound to it as associated data, so that a value moved to another row or column does not open. */
export interface Place {
	table: string;
	column: string;
	/** The row's key within the table, the person left out (the key is the person's own). */
	row: string;
}

const format = 1;
const nonceBytes = 12;
const tagBytes = 16;
const headBytes = 1 + nonceBytes;
const nonceBlock = nonceBytes * 1024;

let nonces = Buffer.alloc(0);

/** Random nonces, drawn in blocks: one system call for a thousand of them. */
function nonce(): Buffer {
	if (nonces.length < nonceBytes) nonces = randomBytes(nonceBlock);
	const next = nonces.subarray(0, nonceBytes);
	nonces = nonces.subarray(nonceBytes);
	return next;
}

const boundTo = ({ table, column, row }: Place) => Buffer.from(`${format}|${table}|${column}|${row}`);

/** AES-256-GCM; answers format (1 byte), nonce (12), tag (16), ciphertext. */
export function sealBytes(key: KeyObject, place: Place, value: Uint8Array): Buffer {
	const drawn = nonce();
	const cipher = createCipheriv('aes-256-gcm', key, drawn, { authTagLength: tagBytes });
	cipher.setAAD(boundTo(place));
	const body = cipher.update(value);
	cipher.final();
	return Buffer.concat([Buffer.of(format), drawn, cipher.getAuthTag(), body]);
}

/** Throws when the value was changed, moved, or sealed with another key. */
export function openBytes(key: KeyObject, place: Place, sealed: Uint8Array): Buffer {
	if (sealed[0] !== format || sealed.length < headBytes + tagBytes) throw new Error('not a sealed value');
	const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(1, headBytes), {
		authTagLength: tagBytes
	});
	decipher.setAAD(boundTo(place));
	decipher.setAuthTag(sealed.subarray(headBytes, headBytes + tagBytes));
	const body = decipher.update(sealed.subarray(headBytes + tagBytes));
	decipher.final();
	return body;
}

/** Any JSON value, sealed. */
export const seal = (key: KeyObject, place: Place, value: unknown): Buffer =>
	sealBytes(key, place, Buffer.from(JSON.stringify(value)));

/** What `seal` was given. The caller names the shape that this place holds. */
export const open = <Value>(key: KeyObject, place: Place, sealed: Uint8Array): Value =>
	JSON.parse(openBytes(key, place, sealed).toString()) as Value;

// Promise: ids sort by the time of their making and cannot be guessed.
import { randomBytes, randomInt } from 'node:crypto';
import { V7Generator } from 'uuidv7';
import type { Clock } from './clock.ts';

export interface Ids {
	/** A UUIDv7 at the clock's present instant. */
	next(): string;
	/** A UUIDv7 for something that happened at `at`, so that imported history sorts where it belongs. */
	at(at: Date): string;
	/** `bytes` random bytes in URL-safe text: a secret, not a name. */
	secret(bytes?: number): string;
	/** A code of `digits` random decimal digits. */
	code(digits?: number): string;
	/** A code of capitals and digits to be read out or copied by hand: 4.6 bits a character. */
	spokenCode(length: number): string;
}

/** No letter or digit that is read out or written like another one. */
const unmistakable = 'ACDEFGHJKMNPQRTUVWXY34679';

const digitsOf = (count: number): string => {
	let code = '';
	// 250 is the largest multiple of ten below 256: without the cut the digits 0 to 5 would come more often.
	while (code.length < count)
		for (const byte of randomBytes(count)) if (byte < 250) code += String(byte % 10);
	return code.slice(0, count);
};

export function idsOn(clock: Clock): Ids {
	const running = new V7Generator();
	return {
		next: () => running.generateOrResetCore(clock.now().getTime(), 10_000).toString(),
		at: (at) => new V7Generator().generateOrResetCore(Math.max(1, at.getTime()), 10_000).toString(),
		secret: (bytes = 32) => randomBytes(bytes).toString('base64url'),
		code: (digits = 6) => digitsOf(digits),
		spokenCode: (length) =>
			Array.from({ length }, () => unmistakable[randomInt(unmistakable.length)]).join('')
	};
}

/** The same id in 22 characters, for where it is sent by message; `longId` undoes it. */
export const shortId = (id: string): string =>
	Buffer.from(id.replaceAll('-', ''), 'hex').toString('base64url');

export const longId = (short: string): string =>
	Buffer.from(short, 'base64url')
		.toString('hex')
		.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');

/** When an id was made, in milliseconds since 1970. */
export const timeOf = (id: string): number => parseInt(id.slice(0, 8) + id.slice(9, 13), 16);

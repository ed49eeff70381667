// Promise: a password is unreadable to everybody; checking one takes the same time whether or not there is an account.
import { hash, verify } from '@node-rs/argon2';
import type { KeyObject } from 'node:crypto';
import { open, seal } from '../platform/keys/keys.ts';

/** Argon2id, 19 MiB, two passes (STANDARDS §7.2). */
const strength = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

const atOnce = 2;
let running = 0;
const waiting: (() => void)[] = [];

/** Each takes 19 MiB and a core: few at a time, the others wait. */
async function queued<Result>(work: () => Promise<Result>): Promise<Result> {
	if (running >= atOnce) await new Promise<void>((go) => waiting.push(go));
	running++;
	try {
		return await work();
	} finally {
		running--;
		waiting.shift()?.();
	}
}

export const credentialPlace = { table: 'credential', column: 'sealed', row: '' };

/** The argon2id text of a password: a secret, to be sealed at once. */
export const hashPassword = (password: string): Promise<string> =>
	queued(() => hash(password.normalize('NFC'), strength));

export const sealHash = (key: KeyObject, hashed: string): Buffer => seal(key, credentialPlace, hashed);

/** The sealed hash of a password. */
export async function sealPassword(key: KeyObject, password: string): Promise<Buffer> {
	return sealHash(key, await hashPassword(password));
}

const decoy =
	'$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA';

/** Whether the password fits an argon2id text. Without one a decoy is checked, and the answer is no. */
export async function fitsHash(hashed: string | undefined, password: string): Promise<boolean> {
	const kept = hashed ?? decoy;
	const right = await queued(() => verify(kept, password.normalize('NFC').slice(0, 1_000)));
	return right && kept !== decoy;
}

/** The same for a sealed one, of an account that may not be there. */
export const fits = (
	key: KeyObject | undefined,
	sealed: Buffer | null | undefined,
	password: string
): Promise<boolean> =>
	fitsHash(key && sealed ? open<string>(key, credentialPlace, sealed) : undefined, password);

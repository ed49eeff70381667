// Promise: a key that mail servers would not accept stops the start, not the mails.
import { createPrivateKey, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** Verifiers may ignore shorter ones (RFC 8301 §3.2). */
const shortestRsa = 2_048;

const bitsOf = ({ asymmetricKeyDetails }: KeyObject): number => asymmetricKeyDetails?.modulusLength ?? 0;

/** The private key for DKIM as PEM; or what is wrong with its file, to be said behind the name of the setting. */
export function readDkimKey(file: string): { pem: string } | { problem: string } {
	let pem: string;
	try {
		pem = readFileSync(file, 'utf8');
	} catch {
		return { problem: 'names a file that cannot be read' };
	}
	try {
		const key = createPrivateKey(pem);
		const fits =
			key.asymmetricKeyType === 'ed25519' || (key.asymmetricKeyType === 'rsa' && bitsOf(key) >= shortestRsa);
		return fits ? { pem } : { problem: 'holds a key that is neither RSA of at least 2048 bits nor Ed25519' };
	} catch {
		return { problem: 'names a file that holds no private key in PEM without a passphrase' };
	}
}

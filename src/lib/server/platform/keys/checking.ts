// Promise: a signature is believed only when a given public key made it; nothing else of a JWS decides anything.
import { compactVerify, decodeProtectedHeader, importJWK, type JWK } from 'jose';

/** The only algorithm that the portal signs with. */
export const algorithm = 'EdDSA';

export interface Signed {
	/** `typ` of the JWS. */
	type: string;
	payload: Uint8Array;
}

/** What a compact JWS says; undefined for what was forged, changed, cut, or signed with none of these keys. */
export async function readSigned(keys: readonly JWK[], jws: string): Promise<Signed | undefined> {
	try {
		const { payload, protectedHeader } = await compactVerify(
			jws,
			({ kid }) => importJWK(keys.find((key) => key.kid === kid) ?? {}, algorithm),
			{ algorithms: [algorithm] }
		);
		return { type: protectedHeader.typ ?? '', payload };
	} catch {
		return undefined;
	}
}

/** The compact JWS of a detached one (RFC 7515 appendix F) and its content; undefined where it is not detached. */
export function attached(jws: string, content: Uint8Array): string | undefined {
	const [head, none, signature, ...more] = jws.trim().split('.');
	if (none !== '' || more.length > 0) return undefined;
	return `${head}.${Buffer.from(content).toString('base64url')}.${signature}`;
}

/** The type that a text claims when it has the form of a JWS, whoever signed it. */
export function typeOf(text: string): string | undefined {
	try {
		return decodeProtectedHeader(text.trim()).typ ?? '';
	} catch {
		return undefined;
	}
}

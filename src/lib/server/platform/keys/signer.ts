// Promise: what the portal signed can be checked by any JOSE tool against its public keys, also after they were retired.
import { calculateJwkThumbprint, CompactSign, exportJWK, type JWK } from 'jose';
import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import type { Kysely } from 'kysely';
import { instant, type Clock } from '../clock.ts';
import { algorithm, attached, readSigned } from './checking.ts';
import type { Keyring } from './keyring.ts';
import type { KeysSchema } from './tables.ts';

export interface Signer {
	/** A compact JWS (RFC 7515, Ed25519) over the JSON of `payload`; `type` becomes its `typ`. */
	sign(type: string, payload: object): Promise<string>;
	/** A JWS whose payload is left out (RFC 7515 appendix F): it goes beside the file that it signs. */
	signDetached(type: string, content: Uint8Array): Promise<string>;
	/** The payload of a JWS of that type; undefined for what was forged, changed, cut, or signed by somebody else. */
	read<Payload>(type: string, jws: string): Promise<Payload | undefined>;
	/** Whether a detached JWS of that type fits the content. */
	fits(type: string, jws: string, content: Uint8Array): Promise<boolean>;
	/** For `/.well-known/jwks.json`: every key that ever signed, the retired ones too. */
	publicKeys(): Promise<{ keys: JWK[] }>;
}

const nameOf = (number: number) => `signing-key/${number}`;

interface SigningKey {
	number: number;
	publicKey: JWK & { kid: string };
}

/** Makes the first key where there is none; of two processes that do so at once one wins. */
async function makeFirst(db: Kysely<KeysSchema>, keyring: Keyring, clock: Clock): Promise<void> {
	const { privateKey } = generateKeyPairSync('ed25519');
	const { d: _private, ...publicKey } = await exportJWK(privateKey);
	const kid = await calculateJwkThumbprint(publicKey);
	await db
		.insertInto('signingKey')
		.values({
			number: 1,
			...keyring.wrap(nameOf(1), privateKey.export({ type: 'pkcs8', format: 'der' })),
			publicKey: JSON.stringify({ ...publicKey, kid, alg: algorithm, use: 'sig' }),
			createdAt: instant(clock.now())
		})
		.onConflict((conflict) => conflict.doNothing())
		.execute();
}

export async function openSigner(db: Kysely<KeysSchema>, keyring: Keyring, clock: Clock): Promise<Signer> {
	const all = async (): Promise<SigningKey[]> =>
		(await db.selectFrom('signingKey').select(['number', 'publicKey']).orderBy('number').execute()).map(
			({ number, publicKey }) => ({ number, publicKey: JSON.parse(publicKey) as SigningKey['publicKey'] })
		);
	if ((await all()).length === 0) await makeFirst(db, keyring, clock);
	const newest = await db
		.selectFrom('signingKey')
		.selectAll()
		.orderBy('number', 'desc')
		.executeTakeFirstOrThrow();
	const { kid } = JSON.parse(newest.publicKey) as SigningKey['publicKey'];
	const der = keyring.unwrap(nameOf(newest.number), newest.keyVersion, newest.wrapped);
	const privateKey = createPrivateKey({ key: der, type: 'pkcs8', format: 'der' });

	const signBytes = (type: string, content: Uint8Array) =>
		new CompactSign(content).setProtectedHeader({ alg: algorithm, typ: type, kid }).sign(privateKey);

	async function readBytes(type: string, jws: string): Promise<Uint8Array | undefined> {
		const signed = await readSigned(
			(await all()).map(({ publicKey }) => publicKey),
			jws
		);
		return signed?.type === type ? signed.payload : undefined;
	}

	return {
		sign: (type, payload) => signBytes(type, Buffer.from(JSON.stringify(payload))),
		signDetached: async (type, content) => {
			const [head, , signature] = (await signBytes(type, content)).split('.');
			return `${head}..${signature}`;
		},
		read: async <Payload>(type: string, jws: string) => {
			const payload = await readBytes(type, jws);
			return payload && (JSON.parse(Buffer.from(payload).toString()) as Payload);
		},
		fits: async (type, jws, content) => {
			const whole = attached(jws, content);
			return whole !== undefined && (await readBytes(type, whole)) !== undefined;
		},
		publicKeys: async () => ({ keys: (await all()).map(({ publicKey }) => publicKey) })
	};
}

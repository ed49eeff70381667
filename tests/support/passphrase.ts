// Opens what a passphrase sealed (age), as the format says and any program does; the library's own derivation takes ten seconds.
import { Decrypter, type Identity } from 'age-encryption';
import { createDecipheriv, scryptSync } from 'node:crypto';

const label = Buffer.from('age-encryption.org/v1/scrypt');

const identityOf = (passphrase: string): Identity => ({
	unwrapFileKey: ([stanza]) => {
		const [type, salt = '', rounds] = stanza?.args ?? [];
		if (type !== 'scrypt' || rounds !== '18')
			throw new Error('this is not sealed as age seals with a passphrase');
		const options = { N: 2 ** Number(rounds), r: 8, p: 1, maxmem: 2 ** 29 };
		const salted = Buffer.concat([label, Buffer.from(salt, 'base64')]);
		const key = scryptSync(passphrase, salted, 32, options);
		const body = Buffer.from(stanza?.body ?? []);
		const cipher = createDecipheriv('chacha20-poly1305', key, Buffer.alloc(12), { authTagLength: 16 });
		cipher.setAuthTag(body.subarray(16));
		return Buffer.concat([cipher.update(body.subarray(0, 16)), cipher.final()]);
	}
});

/** Throws where the passphrase is another, or a bit was changed. */
export async function openedWith(passphrase: string, sealed: Uint8Array): Promise<Buffer> {
	const decrypter = new Decrypter();
	decrypter.addIdentity(identityOf(passphrase));
	return Buffer.from(await decrypter.decrypt(sealed));
}

// What a file turns out to be while it flows by.
import { createHash } from 'node:crypto';
import { Transform } from 'node:stream';

export interface Measured {
	bytes: number;
	/** In hexadecimal. */
	sha256: string;
}

/** Lets bytes through, and knows how many there were and their hash; `show` is told of each piece. */
export function measuring(show?: (bytes: number) => void): { through: Transform; result(): Measured } {
	const sha256 = createHash('sha256');
	let bytes = 0;
	const through = new Transform({
		transform(chunk: Buffer, _, done) {
			sha256.update(chunk);
			bytes += chunk.length;
			show?.(chunk.length);
			done(null, chunk);
		}
	});
	return { through, result: () => ({ bytes, sha256: sha256.digest('hex') }) };
}

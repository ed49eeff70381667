// Promise: the same seed invents the same people, on every machine.
import { createHash } from 'node:crypto';

export interface Random {
	/** At least 0, less than 1. */
	fraction(): number;
	/** A whole number from `least` to `most`, both included. */
	whole(least: number, most: number): number;
	pick<Item>(items: readonly Item[]): Item;
	/** True in `share` of all cases. */
	chance(share: number): boolean;
}

/** sfc32: small, fast, and good enough for invention; never for secrets. */
function generator(seed: string): () => number {
	const state = new Uint32Array(createHash('sha256').update(seed).digest().buffer.slice(0, 16));
	let [a, b, c, d] = state as unknown as [number, number, number, number];
	return () => {
		const sum = (a + b + d) | 0;
		d = (d + 1) | 0;
		a = b ^ (b >>> 9);
		b = (c + (c << 3)) | 0;
		c = ((c << 21) | (c >>> 11)) + sum;
		return (sum >>> 0) / 4_294_967_296;
	};
}

export function randomFrom(seed: string): Random {
	const fraction = generator(seed);
	const whole = (least: number, most: number) => least + Math.floor(fraction() * (most - least + 1));
	return {
		fraction,
		whole,
		pick: (items) => items[whole(0, items.length - 1)] as (typeof items)[number],
		chance: (share) => fraction() < share
	};
}

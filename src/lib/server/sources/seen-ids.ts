// Promise: that an id came twice is known of millions of ids, in sixteen bytes each.
import { createHash } from 'node:crypto';

/** 52 bits: of two million ids two are taken for one with a chance of one in two thousand, and that is told as such. */
function shortened(id: string): number {
	const digest = createHash('sha1').update(id).digest();
	// Zero stands for an empty place.
	return digest.readUIntBE(0, 6) * 16 + (digest.readUInt8(6) >> 4) + 1;
}

export class SeenIds {
	#table = new Float64Array(1_024);
	#count = 0;

	/** Whether it is new. */
	add(id: string): boolean {
		if (this.#count * 2 >= this.#table.length) this.#grow();
		const isNew = put(this.#table, shortened(id));
		if (isNew) this.#count += 1;
		return isNew;
	}

	#grow(): void {
		const larger = new Float64Array(this.#table.length * 2);
		for (const value of this.#table) if (value !== 0) put(larger, value);
		this.#table = larger;
	}
}

function put(table: Float64Array, value: number): boolean {
	let place = value % table.length;
	while (table[place] !== 0) {
		if (table[place] === value) return false;
		place = (place + 1) % table.length;
	}
	table[place] = value;
	return true;
}

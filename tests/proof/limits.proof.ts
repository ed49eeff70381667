// Giants: one entry over 4 GiB, a ZIP over 4 GiB, more than 65,535 entries, names in several writings; read by others.
import { createCipheriv } from 'node:crypto';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Context } from '../../src/lib/server/context.ts';
import type { Row } from '../../src/lib/server/personal-data-contract.ts';
import { within } from '../bench/people.ts';
import type { Proof } from '../proof.ts';
import { makeGiant, readByAll, smallFiles, writings, type Giant } from '../support/giants.ts';
import { somebody } from '../support/people.ts';

const large = 4.2 * 2 ** 30;
const piece = 2 ** 20;

/** As good as random, so that nothing packs it. */
async function* noise(seed: number): AsyncGenerator<Buffer> {
	const key = Buffer.alloc(16);
	key.writeUInt32LE(seed);
	const cipher = createCipheriv('aes-128-ctr', key, Buffer.alloc(16));
	const zeros = Buffer.alloc(piece);
	for (let made = 0; made < large; made += piece) yield cipher.update(zeros);
}

/** Rows whose JSON is over 4 GiB, and packs well. */
async function* manyRows(): AsyncGenerator<readonly Row[]> {
	const name = 'the same again '.repeat(1_000);
	for (let made = 0, id = 0; made < large; made += 100 * name.length)
		yield Array.from({ length: 100 }, () => ({ id: String(id++), name }));
}

const rowsIn = Math.ceil(large / (100 * 15_000)) * 100;

const giants = (seed: number): Record<string, { giant: Giant; names?: string[]; over?: number }> => ({
	'one entry and a ZIP over 4 GiB': {
		giant: {
			files: async function* () {
				const about = { path: 'files/large.bin', name: 'large', mediaType: 'application/octet-stream' };
				yield { ...about, open: () => noise(seed) };
			}
		},
		over: 2 ** 32
	},
	'one packed entry over 4 GiB': { giant: { rows: manyRows, records: rowsIn } },
	'70,000 entries, names in Korean, Arabic, emoji': {
		giant: { files: () => smallFiles(70_000) },
		names: writings.map((name) => `files/${name}`)
	}
});

const settings = { CANDOR_DESCRIPTION: 'examples/classerium', LOG_LEVEL: 'silent' };

export const proof: Proof = async ({ seed, log }) => {
	const folder = mkdtempSync(join(process.env['CANDOR_PROOF_FOLDER'] ?? tmpdir(), 'candor-limits-'));
	const zip = join(folder, 'giant.zip');
	const read = new Set<string>();
	try {
		const prove = async (ctx: Context) => {
			const { id } = await somebody(ctx);
			for (const [name, { giant, names, over = 0 }] of Object.entries(giants(seed))) {
				const begun = performance.now();
				const { missing, bytes } = await makeGiant(ctx, id, giant, zip);
				const made = Math.round((performance.now() - begun) / 1_000);
				if (missing.length) throw new Error(`${name}: something is missing`);
				if (statSync(zip).size !== bytes || bytes < over)
					throw new Error(`${name}: the ZIP has another size`);
				const readers = readByAll(zip, names);
				for (const reader of readers) read.add(reader);
				log(`${name}: ${bytes} bytes, made in ${made} s, read by ${readers.join(', ')}`);
				rmSync(zip);
			}
		};
		await within(join(folder, 'data'), prove, settings);
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
	const names = Object.keys(giants(seed)).join('; ');
	return { told: `${names}: each made as every export is, and read whole by ${[...read].join(', ')}` };
};

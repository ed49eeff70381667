import fc from 'fast-check';
import { createSecretKey, randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { afterAll, expect, test } from 'vitest';
import { openSealedFile, plainSize, sealingStream } from './sealed-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'candor-test-'));
const key = createSecretKey(randomBytes(32));
afterAll(() => rmSync(folder, { recursive: true }));

async function sealedFile(plain: Buffer, pieces: number): Promise<string> {
	const path = join(folder, 'sealed');
	const size = Math.max(1, Math.ceil(plain.length / pieces));
	const parts = Array.from({ length: Math.ceil(plain.length / size) }, (_, at) =>
		plain.subarray(at * size, (at + 1) * size)
	);
	await pipeline(Readable.from(parts), sealingStream(key, 'one'), createWriteStream(path));
	return path;
}

const read = async (path: string, name = 'one', start = 0, end = Infinity) => {
	const parts: Buffer[] = [];
	for await (const part of openSealedFile(path, key, name, start, end)) parts.push(part);
	return Buffer.concat(parts);
};

test('any range of a sealed file opens to the same range of the plain one', async () => {
	const lengths = fc.constantFrom(0, 1, 65_535, 65_536, 65_537, 131_072, 200_000);
	await fc.assert(
		fc.asyncProperty(
			lengths,
			fc.integer({ min: 1, max: 9 }),
			fc.nat(200_000),
			fc.nat(200_000),
			async (length, pieces, a, b) => {
				const plain = randomBytes(length);
				const path = await sealedFile(plain, pieces);
				const [start, end] = [Math.min(a, b), Math.max(a, b)];
				expect(await plainSize(path)).toBe(length);
				expect((await read(path, 'one', start, end)).equals(plain.subarray(start, end))).toBe(true);
				expect((await read(path)).equals(plain)).toBe(true);
			}
		),
		{ numRuns: 30 }
	);
});

test('a file that was cut, changed, or given another name does not open', async () => {
	const path = await sealedFile(randomBytes(200_000), 3);
	const whole = readFileSync(path);
	await expect(read(path, 'another')).rejects.toThrow();
	truncateSync(path, 2 * (65_536 + 28));
	await expect(read(path)).rejects.toThrow();
	const changed = Buffer.from(whole);
	changed[100_000] = (changed[100_000] as number) ^ 1;
	writeFileSync(path, changed);
	await expect(read(path)).rejects.toThrow();
});

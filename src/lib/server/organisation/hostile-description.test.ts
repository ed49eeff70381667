import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { descriptionForTest, third, today } from '../../../../tests/support/description.ts';
import type { DescriptionForTest } from '../../../../tests/support/description.ts';
import { loadOrganisation } from './load.ts';

const yaml = 'organisation.yaml';
const meta = 'policies/2025-09-01/meta.yaml';

let description: DescriptionForTest;
beforeEach(() => {
	description = descriptionForTest();
});
afterEach(() => description.remove());

describe('a description that is hardly one', () => {
	const bomb = `a: &a [${'x, '.repeat(99)}x]\nb: &b [${'*a, '.repeat(99)}*a]\nc: [${'*b, '.repeat(99)}*b]`;
	test.each([
		['an empty file', ''],
		['a word', 'hello'],
		['a list', '- a\n- b'],
		['nothing but a wrong key', 'organization: {}'],
		['an anchor within itself', 'roles: &a [*a]'],
		['a category within itself', 'categories:\n  - &a { id: a, fields: [*a], retention: *a, kind: *a }'],
		['aliases that multiply', bomb],
		['very deep nesting', '['.repeat(100_000)],
		['a key named as the prototype', '__proto__: { roles: [] }\nconstructor: 1'],
		['NUL and overrides', 'organisation: "\u0000\u202e"']
	])('is told so and nothing breaks: %s', (_, text) => {
		description.write(yaml, text);
		expect(description.problems().length).toBeGreaterThan(0);
	});

	test('a folder without anything in it', () => {
		expect(loadOrganisation(join(description.folder, 'nowhere'), { today })).toMatchObject({
			problems: [{ file: yaml, line: 1 }]
		});
	});

	test('a file that is not text names the line of the first wrong byte', () => {
		description.write(yaml, Buffer.from([0x61, 0x3a, 0x0a, 0x0a, 0xff, 0xfe]));
		expect(description.problems()).toMatchObject([{ line: 3, write: expect.stringContaining('UTF-8') }]);
	});
});

/** Either an organisation or problems that a person can act on; an exception fails the property. */
function isAnswered(): boolean {
	const loaded = loadOrganisation(description.folder, { today });
	if (!('problems' in loaded)) return true;
	return (
		loaded.problems.length > 0 &&
		loaded.problems.every(({ file, line, problem, write }) => file && line > 0 && problem && write)
	);
}

describe('whatever somebody does to a description, they get an answer', () => {
	const original = readFileSync(join(third, yaml));
	const place = fc.nat(original.length);

	test('with pieces of the file cut out, doubled or overwritten', () => {
		const cut = fc.record({
			from: place,
			length: fc.nat(200),
			with: fc.uint8Array({ maxLength: 20 }),
			copyOf: place
		});
		fc.assert(
			fc.property(fc.array(cut, { minLength: 1, maxLength: 5 }), (cuts) => {
				let bytes = original;
				for (const { from, length, with: inserted, copyOf } of cuts)
					bytes = Buffer.concat([
						bytes.subarray(0, from),
						inserted.length % 2 ? inserted : original.subarray(copyOf, copyOf + length),
						bytes.subarray(from + length)
					]);
				description.write(yaml, bytes);
				return isAnswered();
			}),
			{ numRuns: 100 }
		);
	});

	test('with any value in any place of it', () => {
		fc.assert(
			fc.property(
				fc.array(fc.tuple(fc.nat(), fc.option(fc.jsonValue())), { minLength: 1, maxLength: 4 }),
				(changes) => {
					const value: unknown = parse(original.toString());
					for (const [choice, replacement] of changes) {
						const places = placesOf(value);
						const [holder, key] = places[choice % places.length] ?? [];
						if (holder && key !== undefined) holder[key] = replacement;
					}
					description.write(yaml, stringify(value));
					description.write(meta, stringify(changes[0]?.[1] ?? {}));
					return isAnswered();
				}
			),
			{ numRuns: 150 }
		);
	});
});

type Holder = Record<string | number, unknown>;

/** Every place of a value that can be overwritten. */
function placesOf(value: unknown): [Holder, string | number][] {
	if (value === null || typeof value !== 'object') return [];
	return Object.entries(value).flatMap(([key, part]) => [
		[value as Holder, key] as [Holder, string],
		...placesOf(part)
	]);
}

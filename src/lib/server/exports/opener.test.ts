import { createSecretKey, randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import type { SealedRow } from '../personal-data-contract.ts';
import { seal } from '../platform/keys/seal.ts';
import { openedInThread } from './opener.ts';
import { textOf } from './page-text.ts';

const key = createSecretKey(randomBytes(32));
const place = { table: 'record', column: 'sealed', rowPrefix: 'classes/' };
const columns = ['id', 'at', 'name', 'origin'];
const at = '2026-11-22T09:00:00.000Z';

const opened = (page: number, row: number) => ({
	id: `${page}-${row}`,
	at,
	name: `=수업, "${row}"`,
	origin: 'sign-up'
});

function sealed(page: number, row: number): SealedRow {
	const { id, name, origin } = opened(page, row);
	const value = seal(key, { table: 'record', column: 'sealed', row: `classes/${id}` }, { name });
	return { id, at, sealed: value, origin };
}

const pages = Array.from({ length: 9 }, (_, page) =>
	Array.from({ length: 40 }, (_, row) => sealed(page, row))
);

async function* each<Item>(items: readonly Item[]) {
	yield* items;
}

async function textsOf(given: readonly (readonly SealedRow[])[]) {
	const texts = [];
	for await (const text of openedInThread({ place, pages: () => each(given) }, key, { columns, span: {} }))
		texts.push(text);
	return texts;
}

test('pages opened in a thread come in their order and read as if they had been opened here', async () => {
	const expected = pages.map((rows, page) =>
		textOf(
			rows.map((_, row) => opened(page, row)),
			columns
		)
	);
	expect(await textsOf(pages)).toEqual(
		expected.map((text, page) => ({ ...text, outside: 0, after: { at, id: `${page}-39` } }))
	);
});

test('a record that was moved to another place ends the export instead of going out', async () => {
	const [first, second] = pages[0] as [SealedRow, SealedRow];
	const moved = { ...first, sealed: second.sealed };
	await expect(textsOf([...pages.slice(1), [moved]])).rejects.toThrow();
});

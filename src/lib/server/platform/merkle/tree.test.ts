import fc from 'fast-check';
import { expect, test } from 'vitest';
import { emptyRoot, grow, leafHash, nodeHash, pathOf, rootFrom, rootOf, type Subtree } from './tree.ts';

/** The reference vectors of Certificate Transparency (STANDARDS §7.5). */
const inputs = [
	'',
	'00',
	'10',
	'2021',
	'3031',
	'40414243',
	'5051525354555657',
	'606162636465666768696a6b6c6d6e6f'
];
const leaves = inputs.map((hex) => Buffer.from(hex, 'hex'));

function treeOf(contents: readonly Buffer[]) {
	const edge: Subtree[] = [];
	const nodes = new Map<string, Buffer>();
	for (const [position, content] of contents.entries())
		for (const { level, number, hash } of grow(edge, position, content))
			nodes.set(`${level}/${number}`, hash);
	return { root: rootOf(edge.map(({ hash }) => hash)), nodes };
}

/** RFC 6962 §2.1 as it is written, for comparison. */
function rootAsWritten(contents: readonly Buffer[]): Buffer {
	if (contents.length === 0) return emptyRoot;
	if (contents.length === 1) return leafHash(contents[0] as Buffer);
	let split = 1;
	while (split * 2 < contents.length) split *= 2;
	return nodeHash(rootAsWritten(contents.slice(0, split)), rootAsWritten(contents.slice(split)));
}

const hashedPath = (nodes: ReadonlyMap<string, Buffer>, index: number, size: number) =>
	pathOf(index, size).map((places) =>
		rootOf(places.map(({ level, number }) => nodes.get(`${level}/${number}`) as Buffer))
	);

test.each([
	[0, 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
	[1, '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d'],
	[3, 'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77'],
	[8, '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328']
])('the tree of %d reference leaves has the reference root', (size, root) => {
	expect(treeOf(leaves.slice(0, size)).root.toString('hex')).toBe(root);
});

test('the tree grows as the RFC writes it, and every leaf of it can be proved', () => {
	const contents = fc.array(
		fc.uint8Array({ maxLength: 8 }).map((bytes) => Buffer.from(bytes)),
		{
			minLength: 1,
			maxLength: 70
		}
	);
	fc.assert(
		fc.property(contents, (contents) => {
			const { root, nodes } = treeOf(contents);
			expect(root).toEqual(rootAsWritten(contents));
			for (const [index, content] of contents.entries()) {
				const path = hashedPath(nodes, index, contents.length);
				expect(rootFrom(index, contents.length, leafHash(content), path)).toEqual(root);
				expect(rootFrom(index, contents.length, leafHash(Buffer.from('else')), path)).not.toEqual(root);
			}
		}),
		{ numRuns: 40 }
	);
});

test('a path that is too long, too short, or of another place leads nowhere', () => {
	const { root, nodes } = treeOf(leaves);
	const path = hashedPath(nodes, 5, 8);
	const leaf = leafHash(leaves[5] as Buffer);
	expect(rootFrom(5, 8, leaf, path)).toEqual(root);
	expect(rootFrom(5, 8, leaf, path.slice(1))).toBeUndefined();
	expect(rootFrom(5, 8, leaf, [...path, root])).toBeUndefined();
	expect(rootFrom(4, 8, leaf, path)).not.toEqual(root);
	expect(rootFrom(8, 8, leaf, path)).toBeUndefined();
	expect(rootFrom(0, 0, leaf, [])).toBeUndefined();
});

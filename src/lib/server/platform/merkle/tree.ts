// Promise: the Merkle tree of RFC 6962, as pure functions: any tool that knows the RFC finds the same roots and paths.
import { createHash } from 'node:crypto';

/** A subtree all of whose leaves are there: its `number`-th from the left among those of 2^`level` leaves. */
export interface Place {
	level: number;
	number: number;
}

export interface Subtree extends Place {
	hash: Buffer;
}

const sha256 = (...parts: Uint8Array[]): Buffer => {
	const hash = createHash('sha256');
	for (const part of parts) hash.update(part);
	return hash.digest();
};

const leafMark = Buffer.of(0);
const nodeMark = Buffer.of(1);

export const leafHash = (content: Uint8Array): Buffer => sha256(leafMark, content);
export const nodeHash = (left: Uint8Array, right: Uint8Array): Buffer => sha256(nodeMark, left, right);
/** The root of the tree without leaves. */
export const emptyRoot = sha256();

/** The largest power of two below `size`: where RFC 6962 splits a tree of more than one leaf. */
function splitOf(size: number): number {
	let split = 1;
	while (split * 2 < size) split *= 2;
	return split;
}

/** The complete subtrees that together hold the leaves from `start` to before `end`, left to right. */
export function subtreesOf(start: number, end: number): Place[] {
	const places: Place[] = [];
	for (let at = start; at < end;) {
		let level = 0;
		let leaves = 1;
		while (at % (leaves * 2) === 0 && at + leaves * 2 <= end) {
			level += 1;
			leaves *= 2;
		}
		places.push({ level, number: at / leaves });
		at += leaves;
	}
	return places;
}

/** The root over complete subtrees, left to right. */
export function rootOf(hashes: readonly Buffer[]): Buffer {
	const last = hashes.at(-1);
	if (!last) return emptyRoot;
	return hashes.slice(0, -1).reduceRight((right, left) => nodeHash(left, right), last);
}

/**
 * What an inclusion proof of the leaf `index` in a tree of `size` leaves is made of, from the leaf up: each entry of the
 * path is the root over these complete subtrees.
 */
export function pathOf(index: number, size: number): Place[][] {
	const path: Place[][] = [];
	let [start, end] = [0, size];
	while (end - start > 1) {
		const middle = start + splitOf(end - start);
		path.unshift(index < middle ? subtreesOf(middle, end) : subtreesOf(start, middle));
		if (index < middle) end = middle;
		else start = middle;
	}
	return path;
}

/** The root to which a path leads (RFC 9162 §2.1.3.2); undefined for a path of the wrong length. */
export function rootFrom(
	index: number,
	size: number,
	leaf: Buffer,
	path: readonly Buffer[]
): Buffer | undefined {
	if (!(index >= 0 && index < size)) return undefined;
	let [at, last, hash] = [index, size - 1, leaf];
	for (const sibling of path) {
		if (last === 0) return undefined;
		const isRight = at % 2 === 1 || at === last;
		hash = isRight ? nodeHash(sibling, hash) : nodeHash(hash, sibling);
		while (isRight && at % 2 === 0 && at !== 0) [at, last] = [at / 2, Math.floor(last / 2)];
		[at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
	}
	return last === 0 ? hash : undefined;
}

/**
 * Adds a leaf to the tree whose complete subtrees, left to right, are `edge`, and changes `edge` accordingly. Answers the
 * subtrees that the leaf completes, itself first.
 */
export function grow(edge: Subtree[], position: number, content: Uint8Array): Subtree[] {
	let subtree: Subtree = { level: 0, number: position, hash: leafHash(content) };
	const complete = [subtree];
	for (let left = edge.at(-1); left?.level === subtree.level; left = edge.at(-1)) {
		edge.pop();
		subtree = {
			level: left.level + 1,
			number: left.number / 2,
			hash: nodeHash(left.hash, subtree.hash)
		};
		complete.push(subtree);
	}
	edge.push(subtree);
	return complete;
}

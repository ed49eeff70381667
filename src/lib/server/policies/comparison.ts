// Promise: two versions of the policy are compared word by word in one language, paragraph by paragraph, nothing left out.
import { diffArrays, diffWords } from 'diff';
import type { Policy } from '../organisation/organisation.ts';
import { blocksOf, languageFor, type Block } from './rendering.ts';

export interface Piece {
	change: 'same' | 'added' | 'removed';
	text: string;
}

export interface ComparedBlock {
	tag: Block['tag'];
	change: 'same' | 'added' | 'removed' | 'changed';
	pieces: readonly Piece[];
}

export interface Comparison {
	language: string;
	blocks: readonly ComparedBlock[];
	/** Blocks that differ. */
	changes: number;
}

/** Below this share of common words two paragraphs are told as one that went and one that came. */
const leastAlike = 0.4;
/** A pathological pair of paragraphs is not worth more; it is told as one that went and one that came. */
const longestMilliseconds = 200;

const kept = new Map<string, Comparison>();

/** What became of `older` in `newer`; the same for everybody, so it is worked out once a process. */
export function compare(older: Policy, newer: Policy, language: string): Comparison {
	const found = languageFor(newer, languageFor(older, language));
	const name = `${older.version} ${newer.version} ${found}`;
	const known = kept.get(name);
	if (known) return known;
	const blocks = compareBlocks(blocksOf(older.text[found] ?? ''), blocksOf(newer.text[found] ?? ''), found);
	const changes = blocks.filter(({ change }) => change !== 'same').length;
	const comparison = { language: found, blocks, changes };
	kept.set(name, comparison);
	return comparison;
}

function compareBlocks(older: Block[], newer: Block[], language: string): ComparedBlock[] {
	const runs = diffArrays(older, newer, {
		comparator: (a, b) => a.tag === b.tag && a.text === b.text
	});
	const compared: ComparedBlock[] = [];
	for (let index = 0; index < runs.length; index++) {
		const [run, next] = [runs[index], runs[index + 1]];
		if (!run) continue;
		if (run.removed && next?.added) {
			compared.push(...pairUp(run.value, next.value, language));
			index++;
		} else compared.push(...run.value.map((block) => whole(block, changeOf(run))));
	}
	return compared;
}

const changeOf = ({ added, removed }: { added: boolean; removed: boolean }): Piece['change'] =>
	added ? 'added' : removed ? 'removed' : 'same';

const whole = ({ tag, text }: Block, change: Piece['change']): ComparedBlock => ({
	tag,
	change,
	pieces: [{ change, text }]
});

/** Paragraphs that took each other's place, in their order; what resembles nothing stands alone. */
function pairUp(removed: readonly Block[], added: readonly Block[], language: string): ComparedBlock[] {
	const compared: ComparedBlock[] = [];
	let next = 0;
	for (const block of removed) {
		const at = added.findIndex((other, index) => index >= next && isAlike(block, other, language));
		if (at < 0) {
			compared.push(whole(block, 'removed'));
			continue;
		}
		compared.push(...added.slice(next, at).map((other) => whole(other, 'added')));
		const pieces = wordsOf(block.text, (added[at] as Block).text, language) ?? [];
		compared.push({ tag: block.tag, change: 'changed', pieces });
		next = at + 1;
	}
	return [...compared, ...added.slice(next).map((other) => whole(other, 'added'))];
}

function isAlike(a: Block, b: Block, language: string): boolean {
	if (a.tag !== b.tag) return false;
	const pieces = wordsOf(a.text, b.text, language);
	if (!pieces) return false;
	const length = (texts: readonly Piece[]) => texts.reduce((sum, { text }) => sum + text.trim().length, 0);
	const same = length(pieces.filter(({ change }) => change === 'same'));
	return same >= leastAlike * Math.max(a.text.length, b.text.length);
}

const segmenters = new Map<string, Intl.Segmenter>();

/** Words as the language divides them; undefined where it takes too long. */
function wordsOf(older: string, newer: string, language: string): Piece[] | undefined {
	let intlSegmenter = segmenters.get(language);
	if (!intlSegmenter)
		segmenters.set(language, (intlSegmenter = new Intl.Segmenter(language, { granularity: 'word' })));
	return diffWords(older, newer, { intlSegmenter, timeout: longestMilliseconds })?.map((part) => ({
		change: changeOf(part),
		text: part.value
	}));
}

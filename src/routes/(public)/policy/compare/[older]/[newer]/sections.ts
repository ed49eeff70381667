// Long stretches without a change are folded, so that a change is found without scrolling past what the reader knows.
import type { ComparedBlock } from '$lib/server/policies/policies';

export interface Section {
	isFolded: boolean;
	/** Entries of one list stand together. */
	groups: ComparedBlock[][];
}

/** As many unchanged paragraphs as are shown around a change. */
const shown = 1;

function groupsOf(blocks: readonly ComparedBlock[]): ComparedBlock[][] {
	const groups: ComparedBlock[][] = [];
	for (const block of blocks) {
		const last = groups.at(-1);
		if (block.tag === 'li' && last?.[0]?.tag === 'li') last.push(block);
		else groups.push([block]);
	}
	return groups;
}

const isNear = (blocks: readonly ComparedBlock[], index: number): boolean =>
	blocks.slice(Math.max(0, index - shown), index + shown + 1).some(({ change }) => change !== 'same');

export function sectionsOf(blocks: readonly ComparedBlock[]): Section[] {
	const runs: { isFolded: boolean; blocks: ComparedBlock[] }[] = [];
	blocks.forEach((block, index) => {
		const isFolded = !isNear(blocks, index);
		const last = runs.at(-1);
		if (last?.isFolded === isFolded) last.blocks.push(block);
		else runs.push({ isFolded, blocks: [block] });
	});
	return runs.map(({ isFolded, blocks }) => ({ isFolded, groups: groupsOf(blocks) }));
}

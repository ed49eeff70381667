// Promise: every problem of a description says where it stands, what is wrong, and what to write instead, in plain words.

/** `file` is relative to the description's folder, `line` counts from 1, `path` names the entry by ids (`topics.news.label`). */
export interface Problem {
	file: string;
	line: number;
	path: string;
	problem: string;
	write: string;
}

export type Path = readonly PropertyKey[];

/** Notes a problem at a place of the file that is being checked. */
export type Report = (path: Path, problem: string, write: string) => void;

/** Problems in reading order: by file, then by line. */
export function inReadingOrder(problems: readonly Problem[]): Problem[] {
	return [...problems].sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line));
}

/** The candidate that was probably meant by a misspelt or cut word, if any is near enough. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
	let best: string | undefined;
	let bestDistance = Math.max(1, Math.floor(Math.min(word.length, 40) / 3)) + 1;
	for (const candidate of candidates) {
		if (Math.abs(candidate.length - word.length) >= bestDistance) continue;
		const found = distance(word.toLowerCase(), candidate.toLowerCase());
		if (found >= bestDistance || found >= Math.max(word.length, candidate.length)) continue;
		best = candidate;
		bestDistance = found;
	}
	return best ?? candidates.find((candidate) => isBeginning(word, candidate) || isBeginning(candidate, word));
}

function isBeginning(part: string, whole: string): boolean {
	return part.length > 1 && whole.startsWith(part);
}

/** "Did you mean …" where something is near, else the whole choice. */
export function suggestion(word: string, candidates: readonly string[]): string {
	const meant = nearest(word, candidates);
	if (meant !== undefined) return `Did you mean ${quote(meant)}?`;
	return candidates.length ? `Write one of: ${candidates.join(', ')}.` : 'Remove it.';
}

/** A value of the file as part of a sentence: short, on one line. */
export function quote(value: unknown): string {
	if (Array.isArray(value)) return 'this list';
	if (value !== null && typeof value === 'object') return 'this entry';
	const text = String(value).replace(/\s+/g, ' ');
	return `"${text.length > 60 ? `${text.slice(0, 60)}…` : text}"`;
}

/** Levenshtein's distance: letters to insert, remove or replace. */
function distance(a: string, b: string): number {
	let row = Array.from({ length: b.length + 1 }, (_, column) => column);
	for (let i = 1; i <= a.length; i++) {
		const next = [i];
		for (let j = 1; j <= b.length; j++) {
			const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
			next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
		}
		row = next;
	}
	return row[b.length] ?? 0;
}

// Promise: a YAML file of any bytes becomes a plain value whose every part knows its line, or a list of problems.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import type { Document, Node, YAMLError } from 'yaml';
import type { Path, Problem } from './problem.ts';

const mostBytes = 5_000_000;

/** A read file: its plain value, and a way to say where something stands in it. */
export interface Located {
	value: unknown;
	problems: Problem[];
	/** Names a problem at the place of a path, or at the nearest place that exists. */
	at: (path: Path, problem: string, write: string) => Problem;
}

/** Reads a YAML file of the description's folder. Never throws: what can't be read is a problem. */
export function readDocument(folder: string, file: string): Located {
	const read = readText(folder, file);
	if (typeof read !== 'string') return unreadable(file, [read]);

	const lines = new LineCounter();
	try {
		const parsed = parseDocument(read, { lineCounter: lines, merge: true, prettyErrors: false });
		const problems = parsed.errors.map((error) => syntaxProblem(file, error, lines));
		if (parsed.errors.some((error) => error.code !== 'DUPLICATE_KEY')) return unreadable(file, problems);
		const value: unknown = parsed.toJS();
		return { value, problems, at: locator(file, parsed, lines, value) };
	} catch (error) {
		// Aliases that multiply without end, and nesting deeper than the machine's stack.
		const reason = error instanceof Error ? error.message.split('\n')[0] : String(error);
		const problem = `The file can't be read as YAML: ${reason}`;
		return unreadable(file, [
			{ file, line: 1, path: '', problem, write: 'Write it plainer, without that nesting.' }
		]);
	}
}

/** The text of a file, or the problem that it is missing, too large or not UTF-8. */
export function readText(folder: string, file: string): string | Problem {
	const refuse = (line: number, problem: string, write: string) => ({ file, line, path: '', problem, write });
	let bytes: Buffer;
	try {
		bytes = readFileSync(join(folder, file));
	} catch {
		return refuse(
			1,
			"The file is missing or can't be opened.",
			`Create ${file} in the description's folder.`
		);
	}
	if (bytes.length > mostBytes)
		return refuse(1, 'The file is larger than 5 MB.', 'Keep a description short.');
	try {
		return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
	} catch {
		const before = bytes.toString('utf8').split('\uFFFD')[0] ?? '';
		const problem = 'The file holds bytes that are not text in UTF-8.';
		return refuse(before.split('\n').length, problem, 'Save the file with the encoding UTF-8.');
	}
}

function unreadable(file: string, problems: Problem[]): Located {
	const at = (path: Path, problem: string, write: string) => ({
		file,
		line: 1,
		path: path.join('.'),
		problem,
		write
	});
	return { value: undefined, problems, at };
}

function syntaxProblem(file: string, error: YAMLError, lines: LineCounter): Problem {
	const { line } = lines.linePos(error.pos[0]);
	if (error.code === 'DUPLICATE_KEY')
		return {
			file,
			line,
			path: '',
			problem: 'The same key stands here a second time.',
			write: 'Keep one of the two.'
		};
	const problem = `This is not YAML: ${error.message}`;
	const write =
		'Look at the indentation (spaces, no tabs), at colons inside a text (put it in quotes) and at open brackets.';
	return { file, line, path: '', problem, write };
}

function locator(file: string, parsed: Document.Parsed, lines: LineCounter, value: unknown): Located['at'] {
	return (path, problem, write) => ({
		file,
		line: lines.linePos(offsetOf(parsed, path)).line || 1,
		path: namePath(value, path),
		problem,
		write
	});
}

/** Where the key or the item of a path starts; of what is missing, where the place that should hold it starts. */
function offsetOf(parsed: Document.Parsed, path: Path): number {
	let node: Node | null = parsed.contents;
	let offset = node?.range?.[0] ?? 0;
	for (const step of path) {
		if (isAlias(node)) node = node.resolve(parsed) ?? null;
		if (isMap(node)) {
			const pair: { key: unknown; value: unknown } | undefined = node.items.find(
				(item) => isScalar(item.key) && String(item.key.value) === String(step)
			);
			if (!pair || !isScalar(pair.key)) return offset;
			offset = pair.key.range?.[0] ?? offset;
			node = (pair.value as Node | null) ?? null;
			continue;
		}
		const item: unknown = isSeq(node) ? node.items[Number(step)] : undefined;
		if (!item) return offset;
		node = item as Node;
		offset = node.range?.[0] ?? offset;
	}
	return offset;
}

/** A path as people name it: entries of a list by their id, else by their place, counted from 1. */
function namePath(value: unknown, path: Path): string {
	let here = value;
	return path
		.map((step) => {
			const list = Array.isArray(here);
			here =
				here !== null && typeof here === 'object' ? (here as Record<PropertyKey, unknown>)[step] : undefined;
			return list ? (nameOf(here) ?? `#${Number(step) + 1}`) : String(step);
		})
		.join('.');
}

/** What an entry of a list is called: itself if it is a word, else its id, kind or name. */
export function nameOf(entry: unknown): string | undefined {
	if (typeof entry === 'string') return entry;
	if (entry === null || typeof entry !== 'object') return undefined;
	const { id, kind, name } = entry as Record<string, unknown>;
	return [id, kind, name].find((found) => typeof found === 'string') as string | undefined;
}

// Lines of questions read and answers written in one pass each: ten thousand are asked at once, by whoever is about to send.
import type { Question, Reply } from '$lib/server/preferences/preferences';

/** A question with its line, counted from 1; or why the line is none. */
export type QuestionLine =
	| { line: number; question: Question }
	| { line: number; refused: 'not-utf8' | 'not-json' | 'not-object' }
	| { line: number; refused: 'required' | 'not-text'; field: keyof Question };

const members = ['person', 'channel', 'topic'] as const;

function questionIn(line: number, value: unknown): QuestionLine {
	if (typeof value !== 'object' || value === null || Array.isArray(value))
		return { line, refused: 'not-object' };
	const given = value as Partial<Record<keyof Question, unknown>>;
	for (const field of members) {
		if (given[field] === undefined || given[field] === '') return { line, refused: 'required', field };
		if (typeof given[field] !== 'string') return { line, refused: 'not-text', field };
	}
	const { person, channel, topic } = given as Question;
	return { line, question: { person, channel, topic } };
}

function parse(line: number, text: string): QuestionLine {
	let value: unknown;
	try {
		value = JSON.parse(text);
	} catch {
		return { line, refused: 'not-json' };
	}
	return questionIn(line, value);
}

const newline = 0x0a;
const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Where some line is not UTF-8 the others count all the same. */
function eachLine(body: Buffer): QuestionLine[] {
	const lines: QuestionLine[] = [];
	for (let start = 0, line = 1; start < body.length; line++) {
		const found = body.indexOf(newline, start);
		const end = found < 0 ? body.length : found;
		try {
			const text = utf8.decode(body.subarray(start, end));
			if (text.trim()) lines.push(parse(line, text));
		} catch {
			lines.push({ line, refused: 'not-utf8' });
		}
		start = end + 1;
	}
	return lines;
}

/** Every line that is not empty. */
export function readQuestions(body: Buffer): QuestionLine[] {
	let text: string;
	try {
		text = utf8.decode(body);
	} catch {
		return eachLine(body);
	}
	return text.split('\n').flatMap((part, index) => (part.trim() ? [parse(index + 1, part)] : []));
}

/** A line for every line; `replies` are those to the questions among them, in their order. */
export function written(lines: readonly QuestionLine[], replies: readonly Reply[]): string {
	const answers = replies.values();
	let text = '';
	for (const entry of lines) {
		const answer = 'question' in entry ? { line: entry.line, ...answers.next().value } : entry;
		text += `${JSON.stringify(answer)}\n`;
	}
	return text;
}

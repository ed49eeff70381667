// How a command ends without having done what was asked.
import { sentenceOf } from './sentences.ts';

/** Told line by line; 1 for a refusal, 2 for wrong usage or wrong settings. */
export class Refused extends Error {
	readonly lines: readonly string[];
	readonly exitCode: 1 | 2;
	constructor(lines: readonly string[], exitCode: 1 | 2 = 1) {
		super(lines.join('\n'));
		this.name = 'Refused';
		this.lines = lines;
		this.exitCode = exitCode;
	}
}

/** What a verb answered, unless it refused: then the command ends with the refusal's code and sentence. */
export function orRefused<Outcome extends object>(outcome: Outcome): Exclude<Outcome, { refused: string }> {
	if (!('refused' in outcome)) return outcome as Exclude<Outcome, { refused: string }>;
	const code = String(outcome.refused);
	throw new Refused([`${code}: ${sentenceOf(code)}`]);
}

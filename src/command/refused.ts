// How a command ends without having done what was asked.

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

// What a command says at its end: a sentence for people, JSON for machines.
import type { Command } from 'commander';

export const wantsJson = (command: Command): boolean =>
	command.optsWithGlobals<{ json?: true }>().json === true;

/** Prints `value` where `--json` was given, else the lines. */
export function answer(command: Command, value: unknown, lines: readonly string[]): void {
	if (wantsJson(command)) console.log(JSON.stringify(value, null, 2));
	else for (const line of lines) console.log(line);
}

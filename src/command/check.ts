// `candor check`: every problem of a description at once, each with its place and what to write instead.
import type { Command } from 'commander';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { loadOrganisation, notIntroduced } from '../lib/server/organisation/load.ts';
import { dayOf, systemClock } from '../lib/server/platform/clock.ts';
import { answer } from './answer.ts';
import { Refused } from './refused.ts';
import { settingsOrEnd } from './with-portal.ts';

export function addCheck(program: Command): void {
	program
		.command('check')
		.description('Check a description: tells every problem with file, line, and what to write instead.')
		.argument('[folder]', 'folder of the description; the one of the settings without it')
		.option('--introduces', 'print what no version of the policy introduces yet, for its meta.yaml')
		.action((given: string | undefined, options: { introduces?: true }, command: Command) => {
			const folder = given ? resolve(given) : settingsOrEnd().descriptionFolder;
			if (options.introduces) introduces(folder, command);
			else check(folder, command);
		});
}

/** A description whose shape is wrong is told so instead. */
function introduces(folder: string, command: Command): void {
	const left = existsSync(folder) ? notIntroduced(folder) : undefined;
	if (!left) return check(folder, command);
	const { purposes, ...lists } = left;
	const lines = Object.entries(lists).flatMap(([list, entries]) => [
		...(Object.keys(entries).length ? [`  ${list}:`] : []),
		...Object.entries(entries).map(([id, parts]) => `    ${id}: [${parts.join(', ')}]`)
	]);
	if (purposes.length) lines.unshift(`  purposes: [${purposes.join(', ')}]`);
	answer(command, { introduces: left }, lines.length ? ['introduces:', ...lines] : ['Nothing is missing.']);
}

function check(folder: string, command: Command): void {
	if (!existsSync(folder)) throw new Refused([`There is no folder ${folder}.`], 2);
	const loaded = loadOrganisation(folder, { today: dayOf(systemClock.now()) });
	if (!('problems' in loaded)) {
		const { organisation, categories, partners, promises } = loaded;
		const counts = {
			categories: categories.length,
			partners: partners.length,
			promises: promises.length,
			policies: loaded.policies.versions.length
		};
		const said = Object.entries(counts)
			.map(([name, count]) => `${count} ${name}`)
			.join(', ');
		return answer(command, { organisation: organisation.id, problems: [], ...counts }, [
			`${organisation.id}: nothing is wrong (${said}).`
		]);
	}
	const { problems } = loaded;
	answer(
		command,
		{ problems },
		problems.flatMap(({ file, line, problem, write }) => [`${file}:${line}  ${problem}`, `    ${write}`])
	);
	throw new Refused([problems.length === 1 ? '1 problem.' : `${problems.length} problems.`]);
}

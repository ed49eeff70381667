// `candor archive`: what the law keeps of people who have left; sealed, so that this command can move it and not read it.
import type { Command } from 'commander';
import { writeFile } from 'node:fs/promises';
import * as archive from '../lib/server/archive/archive.ts';
import { answer } from './answer.ts';
import { orRefused } from './refused.ts';
import { withPortal } from './with-portal.ts';

const lineOf = ({
	id,
	ground,
	endsOn,
	records,
	heldBy,
	heldWhy,
	destroyedAt
}: archive.ArchiveEntry): string =>
	[
		id,
		ground,
		`${records} records`,
		destroyedAt ? `destroyed ${destroyedAt}` : `until ${endsOn}`,
		...(heldBy ? [`held by ${heldBy}: ${heldWhy}`] : [])
	].join('  ');

async function list(command: Command): Promise<void> {
	const entries = await withPortal(async (ctx) => (await Array.fromAsync(archive.pages(ctx))).flat());
	answer(command, { entries }, entries.length ? entries.map(lineOf) : ['The archive is empty.']);
}

async function write(id: string, file: string, command: Command): Promise<void> {
	const { content } = orRefused(await withPortal((ctx) => archive.ageFile(ctx, id)));
	// Never over a file that is there: somebody may have opened it beside.
	await writeFile(file, content, { flag: 'wx', mode: 0o600 });
	answer(command, { file, bytes: content.length }, [
		`Written to ${file}. Its officer opens it with: age --decrypt --identity <identity file> ${file}`
	]);
}

export function addArchive(program: Command): void {
	const group = program.command('archive').description('What the law keeps of people who have left.');
	group
		.command('list')
		.description('The entries by end date: ground, count, day, hold.')
		.action((_options: object, command: Command) => list(command));
	group
		.command('write')
		.description('Write the age file of an entry, for the officer who holds the identity.')
		.argument('<entry>', 'id of the entry')
		.argument('<file>', 'a file that is not there yet')
		.action((id: string, file: string, _options: object, command: Command) => write(id, file, command));
	group
		.command('hold')
		.description('A legal hold: the entry is not destroyed on its day.')
		.argument('<entry>', 'id of the entry')
		.requiredOption('--by <who>', 'who ordered it; never a name of the person')
		.requiredOption('--why <text>', 'the reason, such as the number of a case; never a name of the person')
		.action(async (id: string, how: { by: string; why: string }, command: Command) => {
			orRefused(await withPortal((ctx) => archive.hold(ctx, id, how)));
			answer(command, { held: true }, ['Held.']);
		});
	group
		.command('release')
		.description('Take a legal hold away; an entry whose day has passed is destroyed with the next round.')
		.argument('<entry>', 'id of the entry')
		.action(async (id: string, _options: object, command: Command) => {
			orRefused(await withPortal((ctx) => archive.release(ctx, id)));
			answer(command, { released: true }, ['Released.']);
		});
}

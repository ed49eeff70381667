// `candor export`: the ZIP of one person, as they would get it themselves; they see that it was made.
import type { Command } from 'commander';
import { createWriteStream, existsSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { Context } from '../lib/server/context.ts';
import * as exports from '../lib/server/exports/exports.ts';
import { answer } from './answer.ts';
import { personOrEnd } from './person.ts';
import { progressOf } from './progress.ts';
import { Refused } from './refused.ts';
import { withPortal } from './with-portal.ts';

const patience = 86_400_000;

export function addExport(program: Command): void {
	program
		.command('export')
		.description('Write the export of a person to a file.')
		.argument('<person>', 'external id')
		.option('--language <tag>', 'of what is to be read; the person’s own without it')
		.option('--output <file>', 'where to; the export’s own name without it')
		.action((person: string, options: { language?: string; output?: string }, command: Command) =>
			run(person, options, command)
		);
}

async function run(
	externalId: string,
	{ language, output }: { language?: string; output?: string },
	command: Command
): Promise<void> {
	const written = await withPortal(async (ctx) => {
		const person = await personOrEnd(ctx, externalId);
		const chosen = language ?? person.language;
		if (!ctx.organisation.languages.includes(chosen))
			throw new Refused([`language-unknown: write one of ${ctx.organisation.languages.join(', ')}.`], 2);
		const made = await exports.order(
			ctx,
			person,
			{ categories: [], language: chosen, sessionId: 'command' },
			patience
		);
		if ('refused' in made) throw new Refused([`${made.refused}: no more exports of this person today.`]);
		if (made.state !== 'ready') throw new Refused(['could-not-build: the log says why.']);
		const file = output ?? exports.fileName(ctx, made);
		if (existsSync(file)) throw new Refused([`${file} is there already; nothing was written over.`], 2);
		await write(ctx, person.id, made, file);
		const { complete, missing } = made;
		return { file, bytes: made.bytes ?? 0, records: made.records ?? 0, complete, missing };
	});
	const lacks = written.missing.map(
		({ category, included, expected = 'nobody knows how many', reasons }) =>
			`Incomplete: ${category}, ${included} of ${expected} (${Object.keys(reasons).join(', ')}).`
	);
	answer(command, written, [
		`${written.file}: ${written.records} records, ${written.bytes} bytes.`,
		...lacks
	]);
}

async function write(
	ctx: Context,
	personId: string,
	{ id, bytes }: { id: string; bytes: number | null },
	file: string
): Promise<void> {
	const progress = progressOf(bytes ?? 0);
	let done = 0;
	async function* watched() {
		for await (const chunk of await exports.content(ctx, personId, id)) {
			done += chunk.length;
			progress.show(done, `${done} bytes`);
			yield chunk;
		}
	}
	await pipeline(watched, createWriteStream(file, { mode: 0o600, flags: 'wx' }));
	progress.end();
}

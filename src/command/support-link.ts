// `candor support-link`: a link to one page for one person, and a code to read out on the phone.
import type { Command } from 'commander';
import * as supportLinks from '../lib/server/staff/support-links/support-links.ts';
import { answer } from './answer.ts';
import { orRefused } from './refused.ts';
import { withPortal } from './with-portal.ts';

interface Options {
	page: string;
	language?: string;
	expiresIn?: string;
}

export function addSupportLink(program: Command): void {
	program
		.command('support-link')
		.description('Make a link for one person and one page; it is no credential.')
		.argument('<person>', 'external id')
		.requiredOption('--page <page>', 'such as /export or /data/contact')
		.option('--language <tag>', 'a language of the description; the person’s own without it')
		.option('--expires-in <seconds>', 'a minute to 30 days; a week without it')
		.action((person: string, options: Options, command: Command) => make(person, options, command));
}

async function make(
	externalId: string,
	{ page, language, expiresIn }: Options,
	command: Command
): Promise<void> {
	const seconds = expiresIn === undefined ? undefined : Number(expiresIn);
	const wish = { externalId, page, language, expiresIn: seconds };
	const made = orRefused(await withPortal((ctx) => supportLinks.make(ctx, wish)));
	answer(command, made, [made.url, `Code ${made.code}, until ${made.expiresAt}.`]);
}

// `candor token`: lets the organisation's own systems in, shows who is let in, and shuts them out.
import { Option, type Command } from 'commander';
import * as tokens from '../lib/server/tokens/tokens.ts';
import { answer } from './answer.ts';
import { Refused } from './refused.ts';
import { sentenceOf } from './sentences.ts';
import { withPortal } from './with-portal.ts';

export function addToken(program: Command): void {
	const group = program.command('token').description('Tokens of the API.');
	group
		.command('add')
		.description('Make a token; it is shown once.')
		.argument('<name>', 'who it is for')
		.addOption(
			new Option('--scope <scopes...>', 'what it may do').choices([...tokens.scopes]).makeOptionMandatory()
		)
		.option('--expires <day>', 'last day; a year from now without it')
		.action((name: string, { scope, expires }: { scope: string[]; expires?: string }, command: Command) =>
			add(name, scope, expires, command)
		);
	group
		.command('list')
		.description('All tokens, without their secrets.')
		.action((_, command: Command) => list(command));
	group
		.command('revoke')
		.description('End a token at once.')
		.argument('<id>', 'as `candor token list` shows it')
		.action((id: string, _, command: Command) => revoke(id, command));
}

async function add(
	name: string,
	scopes: string[],
	expires: string | undefined,
	command: Command
): Promise<void> {
	const made = await withPortal((ctx) =>
		tokens.add(ctx, { name, scopes, expiresAt: expires === undefined ? undefined : new Date(expires) })
	);
	if ('refused' in made) throw new Refused([`${made.refused}: ${sentenceOf(made.refused)}`]);
	answer(command, made, [
		made.token,
		`It is shown this once. Id ${made.id}, until ${made.expiresAt.slice(0, 10)}.`
	]);
}

async function list(command: Command): Promise<void> {
	const all = await withPortal((ctx) => tokens.list(ctx));
	answer(
		command,
		all,
		all.length
			? all.map(
					({ id, name, scopes, expiresAt, revokedAt }) =>
						`${id}  ${revokedAt ? 'revoked' : `until ${expiresAt.slice(0, 10)}`}  ${name}  ${scopes.join(' ')}`
				)
			: ['There are no tokens.']
	);
}

async function revoke(id: string, command: Command): Promise<void> {
	const outcome = await withPortal((ctx) => tokens.revoke(ctx, id));
	if ('refused' in outcome) throw new Refused([`${outcome.refused}: ${sentenceOf(outcome.refused)}`]);
	answer(command, outcome, ['Revoked.']);
}

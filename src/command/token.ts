// `candor token`: lets the organisation's own systems in, shows who is let in, and shuts them out.
import { Option, type Command } from 'commander';
import * as tokens from '../lib/server/tokens/tokens.ts';
import { answer } from './answer.ts';
import { orRefused } from './refused.ts';
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
		.option(
			'--from <networks...>',
			'addresses and networks it is taken from, such as 10.0.0.0/8; else from all'
		)
		.action((name: string, wish: Wish, command: Command) => add(name, wish, command));
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

interface Wish {
	scope: string[];
	expires?: string;
	from?: string[];
}

async function add(name: string, { scope, expires, from }: Wish, command: Command): Promise<void> {
	const expiresAt = expires === undefined ? undefined : new Date(expires);
	const wish = { name, scopes: scope, expiresAt, networks: from };
	const made = orRefused(await withPortal((ctx) => tokens.add(ctx, wish)));
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
					({ id, name, scopes, networks, expiresAt, revokedAt }) =>
						`${id}  ${revokedAt ? 'revoked' : `until ${expiresAt.slice(0, 10)}`}  ${name}  ${scopes.join(' ')}${networks.length ? `  from ${networks.join(' ')}` : ''}`
				)
			: ['There are no tokens.']
	);
}

async function revoke(id: string, command: Command): Promise<void> {
	const outcome = orRefused(await withPortal((ctx) => tokens.revoke(ctx, id)));
	answer(command, outcome, ['Revoked.']);
}

// `candor staff`: who of the organisation may look at people, what they did, and an end of it.
import { Option, type Command } from 'commander';
import * as staff from '../lib/server/staff/staff.ts';
import { answer } from './answer.ts';
import { personOrEnd } from './person.ts';
import { orRefused } from './refused.ts';
import { withPortal } from './with-portal.ts';

export function addStaff(program: Command): void {
	const group = program.command('staff').description('Who may look at people, and what they did.');
	group
		.command('add')
		.description('Add a member; their one-time password is shown once.')
		.argument('<id>', 'what they sign in with: a-z 0-9 -, from 3 characters')
		.requiredOption('--name <name>', 'for colleagues; people read the id')
		.addOption(new Option('--role <role>', 'what they may do').choices(staff.roles).makeOptionMandatory())
		.action((id: string, { name, role }: { name: string; role: string }, command: Command) =>
			add(command, { id, name, role })
		);
	group
		.command('remove')
		.description('End a member at once; the log keeps what they did.')
		.argument('<id>')
		.action((id: string, _, command: Command) => remove(id, command));
	group
		.command('reset')
		.description('A new one-time password; they are signed out everywhere.')
		.argument('<id>')
		.action((id: string, _, command: Command) => reset(id, command));
	group
		.command('list')
		.description('Everybody, those removed too.')
		.action((_, command: Command) => list(command));
	group
		.command('log')
		.description('What staff did, newest first, a thousand at a time.')
		.option('--of <id>', 'of one member')
		.option('--about <person>', 'looks at one person, by external id')
		.option('--before <entry>', 'older than this entry')
		.action((wish: Wish, command: Command) => log(wish, command));
}

interface Wish {
	of?: string;
	about?: string;
	before?: string;
}

async function add(command: Command, member: staff.NewMember): Promise<void> {
	const made = orRefused(await withPortal((ctx) => staff.add(ctx, member)));
	answer(command, made, [
		made.password,
		'It is shown this once, and has to be changed at the first sign-in.'
	]);
}

async function remove(id: string, command: Command): Promise<void> {
	answer(command, orRefused(await withPortal((ctx) => staff.remove(ctx, id))), ['Removed.']);
}

async function reset(id: string, command: Command): Promise<void> {
	const made = orRefused(await withPortal((ctx) => staff.reset(ctx, id)));
	answer(command, made, [made.password, 'It is shown this once, and has to be changed at the next sign-in.']);
}

async function list(command: Command): Promise<void> {
	const all = await withPortal((ctx) => staff.list(ctx));
	const lineOf = ({ id, name, role, state, passwordAt }: (typeof all)[number]) =>
		`${id}  ${role}  ${state === 'removed' ? 'removed' : `password of ${passwordAt.slice(0, 10)}`}  ${name}`;
	answer(command, all, all.length ? all.map(lineOf) : ['There is nobody.']);
}

async function log({ of: staffId, about, before }: Wish, command: Command): Promise<void> {
	const entries = await withPortal(async (ctx) => {
		const personId = about === undefined ? undefined : (await personOrEnd(ctx, about)).id;
		return staff.readLog(ctx, { staffId, personId, before });
	});
	const lines = entries.map(({ id, at, staffId, kind }) => `${at}  ${staffId}  ${kind}  ${id}`);
	answer(command, entries, lines.length ? lines : ['Nothing was noted.']);
}

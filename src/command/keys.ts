// `candor keys`: what operators do with master keys.
import type { Command } from 'commander';
import type { Context } from '../lib/server/context.ts';
import { answer } from './answer.ts';
import { progressOf } from './progress.ts';
import { withPortal } from './with-portal.ts';

export function addKeys(program: Command): void {
	const group = program.command('keys').description('Master keys.');
	group
		.command('rotate')
		.description(
			'Wrap every key anew with the newest master key, while the portal serves. Broken off, it goes on where it was. ' +
				'First give the new master key to every process, beside the old one, and restart them.'
		)
		.action(async (_, command: Command) => {
			const { moved, current, versions } = await withPortal(rotate);
			const old = versions.filter(({ version }) => version !== current);
			answer(command, { moved, current, versions }, [
				`${moved} keys were wrapped anew with master key ${current}.`,
				...versions.map(({ version, keys }) => `Master key ${version} wraps ${keys} keys.`),
				old.length
					? 'An older master key still wraps keys: a process that does not know the newest made them. Restart it and rotate again.'
					: `Only master key ${current} is needed here. Older ones open what was backed up before: keep them until those backups are gone.`
			]);
		});
}

async function rotate({ keys: { rotation } }: Context) {
	const waiting = (await rotation.versions()).filter(({ version }) => version !== rotation.current);
	const total = waiting.reduce((sum, { keys }) => sum + keys, 0);
	const progress = progressOf(total);
	let moved = 0;
	for await (const batch of rotation.run()) {
		moved += batch;
		progress.show(moved, `${moved} of ${total} keys`);
	}
	progress.end();
	return { moved, current: rotation.current, versions: await rotation.versions() };
}

// `candor migrate`: brings the databases up to date and ends; a start does the same.
import type { Command } from 'commander';
import { answer } from './answer.ts';
import { withPortal } from './with-portal.ts';

export function addMigrate(program: Command): void {
	program
		.command('migrate')
		.description('Bring the databases up to date.')
		.action(async (_, command: Command) => {
			await withPortal(async () => answer(command, { migrated: true }, ['The databases are up to date.']));
		});
}

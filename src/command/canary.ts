// `candor canary`: an invented person walks through every system outside now, as each night, and says what does not fit.
import type { Command } from 'commander';
import * as canary from '../lib/server/canary/canary.ts';
import { openApart } from '../lib/server/portal-apart.ts';
import { answer } from './answer.ts';
import { orRefused } from './refused.ts';
import { withPortal } from './with-portal.ts';

const said: Readonly<Record<canary.Outcome['outcome'], string>> = {
	done: 'done',
	cannot: 'not described',
	off: 'switched off',
	gap: 'GAP'
};

export function addCanary(program: Command): void {
	program
		.command('canary')
		.description(
			'Walk an invented person through every source: plant, read, edit, restrict, export, erase. Ends with 1 where anything does not fit.'
		)
		.action(async (_options: object, command: Command) => {
			const { outcomes } = orRefused(await withPortal((ctx) => canary.walkNow(ctx, openApart)));
			const gaps = canary.gapsIn(outcomes).length;
			answer(command, { gaps, outcomes }, [
				...outcomes.map(lineOf),
				outcomes.length === 0
					? 'The description names no source.'
					: `${gaps || 'No'} ${gaps === 1 ? 'gap' : 'gaps'}.`
			]);
			if (gaps > 0) process.exitCode = 1;
		});
}

const lineOf = ({ source, step, outcome, because }: canary.Outcome): string =>
	[source.padEnd(20), step.padEnd(9), said[outcome], because].filter(Boolean).join(' ');

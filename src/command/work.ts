// `candor work --once`: works off what is due, without serving pages.
import type { Command } from 'commander';
import { workOnce } from '../lib/server/platform/work/work.ts';
import { answer } from './answer.ts';
import { Refused } from './refused.ts';
import { withPortal } from './with-portal.ts';

export function addWork(program: Command): void {
	program
		.command('work')
		.description('Work off what is due: messages, exports, erasures, expiry.')
		.option('--once', 'everything that is due now, then end')
		.action(async ({ once }: { once?: true }, command: Command) => {
			if (!once)
				throw new Refused(
					['`candor work` needs --once; a process with CANDOR_ROLE=work works all the time.'],
					2
				);
			const done = await withPortal((ctx) => workOnce(ctx));
			answer(command, { done }, [done === 1 ? '1 piece of work done.' : `${done} pieces of work done.`]);
		});
}

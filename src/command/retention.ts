// `candor retention`: what has outlived its time, and its end, by the same code that works it off every day.
import type { Command } from 'commander';
import type { Context } from '../lib/server/context.ts';
import { isEnding, type Over } from '../lib/server/platform/work/ending.ts';
import { workOnce } from '../lib/server/platform/work/work.ts';
import { answer } from './answer.ts';
import { withPortal } from './with-portal.ts';

export function addRetention(program: Command): void {
	program
		.command('retention')
		.description('Destroy what has outlived its time; the worker does it by itself.')
		.option('--dry-run', 'tell how much it would be, by rule, and touch nothing')
		.action(({ dryRun }: { dryRun?: true }, command: Command) => run(dryRun ?? false, command));
}

async function run(dryRun: boolean, command: Command): Promise<void> {
	const rules = await withPortal(async (ctx) => {
		const over = await overOf(ctx);
		if (!dryRun) await workOnce({ ...ctx, work: ctx.work.filter(isEnding) });
		return over;
	});
	const all = rules.reduce((sum, { rows }) => sum + rows, 0);
	answer(command, { destroyed: !dryRun, rules }, [
		...rules.map(({ rule, rows }) => `${String(rows).padStart(8)}  ${rule}`),
		`${String(all).padStart(8)}  ${dryRun ? 'would be destroyed now.' : 'destroyed.'}`
	]);
}

async function overOf(ctx: Context): Promise<Over[]> {
	const over = await Promise.all(ctx.work.filter(isEnding).map((kind) => kind.over(ctx)));
	return over.flat();
}

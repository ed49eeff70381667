// `candor erase`: ends an account at once, as after a grace period of no days; it cannot be undone.
import type { Command } from 'commander';
import { setTimeout as pause } from 'node:timers/promises';
import type { Context } from '../lib/server/context.ts';
import { workOnce } from '../lib/server/platform/work/work.ts';
import * as withdrawal from '../lib/server/withdrawal/withdrawal.ts';
import { answer } from './answer.ts';
import { personOrEnd } from './person.ts';
import { Refused } from './refused.ts';
import { sentenceOf } from './sentences.ts';
import { withPortal } from './with-portal.ts';

const rounds = 5;

export function addErase(program: Command): void {
	program
		.command('erase')
		.description('Erase a person for good, without a grace period.')
		.argument('<person>', 'external id')
		.requiredOption('--reason <text>', 'why; kept with the withdrawal until it is done')
		.action(async (externalId: string, { reason }: { reason: string }, command: Command) => {
			await withPortal((ctx) => erase(ctx, externalId, reason));
			answer(command, { erased: true }, ['Erased.']);
		});
}

async function erase(ctx: Context, externalId: string, reason: string): Promise<void> {
	if (!reason.trim()) throw new Refused(['--reason must say something.'], 2);
	const person = await personOrEnd(ctx, externalId);
	const opened = await withdrawal.request(ctx, person, { note: reason.trim().slice(0, 1_000), graceDays: 0 });
	if ('refused' in opened) throw new Refused([`${opened.refused}: ${sentenceOf(opened.refused)}`]);
	const token = withdrawal.farewellPath(ctx, person.id).split('/').at(-1) as string;
	let state = 'grace';
	// The last message goes out before the key does: the erasure looks after it every two seconds.
	for (let round = 0; round < rounds && state !== 'erased'; round++) {
		if (round > 0) await pause(2_100);
		await workOnce(ctx);
		({ state } = await withdrawal.farewell(ctx, token));
	}
	if (state !== 'erased')
		throw new Refused([`The erasure has begun and stands at "${state}"; the portal goes on with it.`]);
}

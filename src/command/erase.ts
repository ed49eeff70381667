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
			const claimCode = await withPortal((ctx) => erase(ctx, externalId, reason));
			answer(command, { erased: true, claimCode }, [
				'Erased.',
				`The claim code, to be handed to the person: ${claimCode}`
			]);
		});
}

async function erase(ctx: Context, externalId: string, reason: string): Promise<string> {
	if (!reason.trim()) throw new Refused(['--reason must say something.'], 2);
	const person = await personOrEnd(ctx, externalId);
	const opened = await withdrawal.request(ctx, person, { note: reason.trim().slice(0, 1_000), graceDays: 0 });
	if ('refused' in opened) throw new Refused([`${opened.refused}: ${sentenceOf(opened.refused)}`]);
	const code = (await withdrawal.claimCode(ctx, person.id)) ?? '';
	let state = '';
	for (let round = 0; round < rounds && state !== 'erased'; round++) {
		if (round > 0) await pause(2_100);
		await workOnce(ctx);
		const claimed = await withdrawal.claim(ctx, code, 'candor erase');
		state = 'state' in claimed ? claimed.state : '';
	}
	if (state !== 'erased')
		throw new Refused([`The erasure has begun and stands at "${state}"; the portal goes on with it.`]);
	return code;
}

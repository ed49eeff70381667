// `candor erase`: ends an account at once, as after a grace period of no days; it cannot be undone.
import type { Command } from 'commander';
import { setTimeout as pause } from 'node:timers/promises';
import type { Context } from '../lib/server/context.ts';
import { workOnce } from '../lib/server/platform/work/work.ts';
import * as withdrawal from '../lib/server/withdrawal/withdrawal.ts';
import { answer } from './answer.ts';
import { personOrEnd } from './person.ts';
import { orRefused, Refused } from './refused.ts';
import { withPortal } from './with-portal.ts';

const rounds = 5;

export function addErase(program: Command): void {
	program
		.command('erase')
		.description('Erase a person for good, without a grace period.')
		.argument('<person>', 'external id')
		.requiredOption(
			'--reason <text>',
			'why; the person can read it, and it is kept until the erasure is done'
		)
		.action(async (externalId: string, { reason }: { reason: string }, command: Command) => {
			const { state, claimCode } = await withPortal((ctx) => erase(ctx, externalId, reason));
			const erased = state === 'erased' || state === 'closed';
			answer(command, { erased, state, claimCode }, [
				erased ? 'Erased.' : `The erasure has begun and stands at "${state}"; the portal goes on with it.`,
				`The claim code, to be handed to the person: ${claimCode}`
			]);
			if (!erased) process.exitCode = 1;
		});
}

interface Begun {
	state: string;
	claimCode: string;
}

async function erase(ctx: Context, externalId: string, reason: string): Promise<Begun> {
	if (!reason.trim()) throw new Refused(['--reason must say something.'], 2);
	const person = await personOrEnd(ctx, externalId);
	const orderedBecause = reason.trim().slice(0, 1_000);
	orRefused(await withdrawal.request(ctx, person, { orderedBecause, graceDays: 0 }));
	const claimCode = (await withdrawal.claimCode(ctx, person.id)) ?? '';
	let state = '';
	for (let round = 0; round < rounds && state !== 'erased' && state !== 'closed'; round++) {
		if (round > 0) await pause(2_100);
		await workOnce(ctx);
		const stands = await withdrawal.stateOfClaim(ctx, claimCode);
		state = 'state' in stands ? stands.state : '';
	}
	return { state, claimCode };
}

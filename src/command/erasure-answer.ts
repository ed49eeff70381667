// `candor erasure-answer`: a partner that has no webhook was told of an erasure and answered; the certificate says so.
import type { Command } from 'commander';
import * as withdrawal from '../lib/server/withdrawal/withdrawal.ts';
import { answer } from './answer.ts';
import { orRefused } from './refused.ts';
import { withPortal } from './with-portal.ts';

export function addErasureAnswer(program: Command): void {
	program
		.command('erasure-answer')
		.description('Record that a partner without a webhook was told of an erasure and answered.')
		.argument('<case>', 'the certificate’s "sub"')
		.argument('<partner>', 'its id in the description')
		.action(async (caseId: string, partner: string, _options: object, command: Command) => {
			const outcome = orRefused(await withPortal((ctx) => withdrawal.answered(ctx, caseId, partner)));
			answer(command, outcome, ['Recorded.']);
		});
}

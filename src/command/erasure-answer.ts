// `candor erasure-answer`: a partner that has no webhook was told of an erasure and answered, or a source that cannot erase by
// itself was seen to; the certificate says so.
import type { Command } from 'commander';
import * as withdrawal from '../lib/server/withdrawal/withdrawal.ts';
import { answer } from './answer.ts';
import { orRefused } from './refused.ts';
import { withPortal } from './with-portal.ts';

export function addErasureAnswer(program: Command): void {
	program
		.command('erasure-answer')
		.description(
			'Record that a partner without a webhook was told of an erasure and answered; or, with --source, that a source which cannot erase by itself was seen to: it is asked whether that is so.'
		)
		.argument('<case>', 'the certificate’s "sub"')
		.argument('<recipient>', 'its id in the description')
		.option('--source', 'it is a source, and not a partner')
		.action(async (caseId: string, id: string, { source }: { source?: true }, command: Command) => {
			const recipient = source ? { source: id } : { partner: id };
			const outcome = orRefused(await withPortal((ctx) => withdrawal.answered(ctx, caseId, recipient)));
			answer(command, outcome, ['Recorded.']);
		});
}

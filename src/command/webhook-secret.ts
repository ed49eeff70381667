// `candor webhook-secret`: what a partner checks our calls with (Standard Webhooks); derived, so that it can be shown again.
import type { Command } from 'commander';
import { webhookSecret } from '../lib/server/delivery/delivery.ts';
import { partnerOf, webhookOf } from '../lib/server/organisation/lookup.ts';
import { answer } from './answer.ts';
import { Refused } from './refused.ts';
import { sentenceOf } from './sentences.ts';
import { withPortal } from './with-portal.ts';

export function addWebhookSecret(program: Command): void {
	program
		.command('webhook-secret')
		.description(
			'Show the secret with which a partner, or a listener or source of your own, checks that a call is ours.'
		)
		.argument('<partner>', 'its id in the description')
		.action(async (partner: string, _options: object, command: Command) => {
			const secret = await withPortal(async (ctx) =>
				webhookOf(ctx.organisation, partner) ||
				partnerOf(ctx.organisation, partner) ||
				ctx.sources.has(partner)
					? webhookSecret(ctx, partner)
					: undefined
			);
			if (!secret) throw new Refused([`partner-unknown: ${sentenceOf('partner-unknown')}`]);
			answer(command, { secret }, [secret]);
		});
}

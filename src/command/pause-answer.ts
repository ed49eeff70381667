// `candor pause-answer`: a source that nobody described how to tell of a pause was seen to by hand; the person reads it no more.
import { Argument, type Command } from 'commander';
import * as restrictions from '../lib/server/restrictions/restrictions.ts';
import { answer } from './answer.ts';
import { personOrEnd } from './person.ts';
import { orRefused } from './refused.ts';
import { withPortal } from './with-portal.ts';

export function addPauseAnswer(program: Command): void {
	program
		.command('pause-answer')
		.description(
			'Record that a pause, or its end, was seen to by hand in a source that cannot be told of it.'
		)
		.argument('<person>', 'external id')
		.argument('<source>', 'its id in the description')
		.addArgument(new Argument('<now>', 'how it is there now').choices(['paused', 'resumed']))
		.action(async (externalId: string, source: string, now: string, _options: object, command: Command) => {
			const outcome = await withPortal(async (ctx) => {
				const person = await personOrEnd(ctx, externalId);
				return orRefused(await restrictions.answered(ctx, person.id, { source, isOn: now === 'paused' }));
			});
			answer(command, outcome, ['Recorded.']);
		});
}

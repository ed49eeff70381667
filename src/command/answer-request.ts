// `candor answer-request`: the organisation's answer to what a person asked; they get a mail and read it in their thread.
import type { Command } from 'commander';
import type { Context } from '../lib/server/context.ts';
import * as requests from '../lib/server/requests/requests.ts';
import * as staff from '../lib/server/staff/staff.ts';
import { answer } from './answer.ts';
import { personOrEnd } from './person.ts';
import { Refused } from './refused.ts';
import { sentenceOf } from './sentences.ts';
import { withPortal } from './with-portal.ts';

/** Whoever has the shell and is no member of staff. */
const operator = 'operator';

export function addAnswerRequest(program: Command): void {
	program
		.command('answer-request')
		.description('Answer a request of a person; they are told that there is an answer.')
		.argument('<person>', 'external id')
		.argument('<request>', 'id of the request, as its page’s address ends')
		.argument('<text>', 'the answer')
		.option('--by <staff>', 'id of the member of staff who answers; the person reads it', operator)
		.action((person: string, request: string, text: string, { by }: { by: string }, command: Command) =>
			send(command, { person, request, text, by })
		);
}

const isMember = async (ctx: Context, id: string): Promise<boolean> =>
	(await staff.list(ctx)).some((member) => member.id === id && member.state === 'active');

async function send(
	command: Command,
	{ person, request, text, by }: Record<'person' | 'request' | 'text' | 'by', string>
): Promise<void> {
	const sent = await withPortal(async (ctx) => {
		if (by !== operator && !(await isMember(ctx, by)))
			throw new Refused([`staff-unknown: ${sentenceOf('staff-unknown')}`]);
		const { id } = await personOrEnd(ctx, person);
		return requests.answer({ ...ctx, actor: `staff:${by}` }, id, { requestId: request, text });
	});
	if ('problems' in sent) throw new Refused([`text: ${sent.problems.text?.code}`]);
	if ('refused' in sent)
		throw new Refused([`${sent.refused}: there is no open request of this person with that id.`]);
	answer(command, sent, ['The answer is in the thread.']);
}

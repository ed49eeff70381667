// `candor mail receive < message`: a stop, a report or a right that came to the organisation's mailbox, for a mail server that hands over by a pipe.
import type { Command } from 'commander';
import * as replies from '../lib/server/replies/replies.ts';
import { largestMail } from '../lib/server/requests/requests.ts';
import { answer } from './answer.ts';
import { Refused } from './refused.ts';
import { sentenceOf } from './sentences.ts';
import { withPortal } from './with-portal.ts';

export function addMail(program: Command): void {
	program
		.command('mail')
		.description('What came to the mailbox of the organisation.')
		.command('receive')
		.description('Take a message from the standard input (RFC 5322), as it came.')
		.action((_: unknown, command: Command) => receive(command));
}

async function readInput(): Promise<Buffer> {
	const chunks: Buffer[] = [];
	let length = 0;
	for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
		length += chunk.length;
		if (length > largestMail) throw new Refused([`too-large: ${sentenceOf('too-large')}`]);
		chunks.push(chunk);
	}
	return Buffer.concat(chunks);
}

const done = {
	unsubscribe: 'Taken: what its token names is stopped.',
	report: 'Taken: a report about a message of ours.',
	complaint: 'Taken: what it complains of is stopped.'
};

function toldOf(outcome: Exclude<replies.ReceivedMail, { refused: string }>): string {
	if (!outcome.received) return `Left alone: ${sentenceOf(outcome.because)}`;
	return 'as' in outcome ? done[outcome.as] : 'Taken. Its sender was answered, known or not.';
}

async function receive(command: Command): Promise<void> {
	const raw = await readInput();
	const outcome = await withPortal((ctx) => replies.receiveMail(ctx, raw));
	if ('refused' in outcome) throw new Refused([`${outcome.refused}: ${sentenceOf(outcome.refused)}`]);
	answer(command, outcome, [toldOf(outcome)]);
}

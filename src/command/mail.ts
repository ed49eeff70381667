// `candor mail receive < message`: what came to the organisation's mailbox, for a mail server that hands over by a pipe.
import type { Command } from 'commander';
import * as requests from '../lib/server/requests/requests.ts';
import { answer } from './answer.ts';
import { Refused } from './refused.ts';
import { sentenceOf } from './sentences.ts';
import { withPortal } from './with-portal.ts';

export function addMail(program: Command): void {
	program
		.command('mail')
		.description('Mails that exercise a right.')
		.command('receive')
		.description('Take a message from the standard input (RFC 5322), as it came.')
		.action((_: unknown, command: Command) => receive(command));
}

async function readInput(): Promise<Buffer> {
	const chunks: Buffer[] = [];
	let length = 0;
	for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
		length += chunk.length;
		if (length > requests.largestMail) throw new Refused([`too-large: ${sentenceOf('too-large')}`]);
		chunks.push(chunk);
	}
	return Buffer.concat(chunks);
}

async function receive(command: Command): Promise<void> {
	const raw = await readInput();
	const outcome = await withPortal((ctx) => requests.receiveMail(ctx, raw));
	if ('refused' in outcome) throw new Refused([`${outcome.refused}: ${sentenceOf(outcome.refused)}`]);
	answer(command, outcome, [
		outcome.received
			? 'Taken. Its sender was answered, known or not.'
			: `Left alone: ${sentenceOf(outcome.because)}`
	]);
}

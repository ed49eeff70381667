// `candor sms receive < message.json`: a text message that came back, for a gateway that hands over by a pipe, and to try it out.
import { text } from 'node:stream/consumers';
import type { Command } from 'commander';
import * as replies from '../lib/server/replies/replies.ts';
import { answer } from './answer.ts';
import { Refused } from './refused.ts';
import { sentenceOf } from './sentences.ts';
import { withPortal } from './with-portal.ts';

export function addSms(program: Command): void {
	program
		.command('sms')
		.description('What people write back by SMS.')
		.command('receive')
		.description('Take a message from the standard input: {"id", "from", "text", "at"} as JSON.')
		.action((_: unknown, command: Command) => receive(command));
}

async function receive(command: Command): Promise<void> {
	const read = replies.readMessage(await text(process.stdin));
	if ('refused' in read) throw new Refused([`${read.refused}: ${sentenceOf(read.refused)}`]);
	const { outcome } = await withPortal((ctx) => replies.receiveSms(ctx, read.message));
	answer(command, { outcome }, [`Taken as ${outcome}.`]);
}

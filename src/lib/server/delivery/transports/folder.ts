// Promise: in the demonstration a message is written as it would have left, and leaves nowhere.
import { createTransport } from 'nodemailer';
import { putIntoFolder } from '../outbox-folder.ts';
import { mailOf, sign } from './composing.ts';
import type { Transport } from './transport.ts';

const inFolder = (send: Transport['send']): Transport => ({ isRepeatable: true, lanes: 10, send });

export const mailIntoFolder = inFolder(async (ctx, outgoing) => {
	const composer = sign(
		createTransport({ streamTransport: true, buffer: true, newline: 'unix' }),
		ctx.settings
	);
	const { message } = await composer.sendMail(mailOf(ctx, outgoing));
	await outgoing.handOver();
	await putIntoFolder(ctx, outgoing.id, 'email', message as Buffer);
});

export const smsIntoFolder = inFolder(async (ctx, { id, createdAt, letter, written, handOver }) => {
	const name = ctx.organisation.organisation.name;
	const head = [`To: ${letter.to}`, `From: ${name[letter.language] ?? ''}`, `Date: ${createdAt}`];
	await handOver();
	await putIntoFolder(ctx, id, 'sms', `${head.join('\n')}\n\n${written.sms}\n`);
});

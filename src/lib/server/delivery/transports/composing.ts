// Promise: the headers of a mail say who writes, what it is about and how to stop it, and no value can add another one.
import type { SendMailOptions, Transporter } from 'nodemailer';
import type { Context } from '../../context.ts';
import { signing } from './dkim.ts';
import type { Outgoing } from './transport.ts';

/** What asks a server that can (RFC 3461) to name the message in its report, and to send nothing of its text back. */
interface ReportWish {
	id: string;
	return: 'headers';
	notify: ('failure' | 'delay')[];
	recipient: string;
}

export type Mail = SendMailOptions & { dsn: ReportWish };

const hostOf = ({ settings }: Context): string => new URL(settings.origin).hostname;

function sender(ctx: Context, language: string) {
	const { name, support, officer } = ctx.organisation.organisation;
	const address = support.email ?? officer.email;
	const own = {
		name: name[language] ?? Object.values(name)[0] ?? '',
		address: address ?? `noreply@${hostOf(ctx)}`
	};
	return { from: ctx.settings.mailFrom ?? own, replyTo: address };
}

const addressIn = (from: string | { address: string }): string =>
	typeof from === 'string' ? (/[^\s<>]+@[^\s<>]+/.exec(from)?.[0] ?? from) : from.address;

/**
 * Exactly one `List-Unsubscribe`, and the header that lets a mail program act without opening a page (RFC 8058). The same token
 * as the subject of a mail does it too (RFC 2369), where the description names a mailbox that is handed to the portal.
 */
function wayOut({ organisation }: Context, url: string | undefined) {
	if (!url) return { headers: { 'Auto-Submitted': 'auto-generated' } };
	const { mailbox } = organisation.organisation;
	const byMail = mailbox && `mailto:${mailbox}?subject=${url.split('/').at(-1)}`;
	return {
		list: { unsubscribe: [[{ url }, ...(byMail ? [byMail] : [])]] },
		headers: { 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' }
	};
}

/** RFC 2919: one for each topic, so that a mail program can sort by it. */
const listId = (ctx: Context, topic: string | undefined) =>
	topic ? { 'List-Id': `<${topic}.${ctx.organisation.organisation.id}.${hostOf(ctx)}>` } : {};

/** The mail as nodemailer writes it, for a server or for the demonstration's folder. What bounces goes to the described mailbox. */
export function mailOf(ctx: Context, { id, createdAt, letter, written }: Outgoing): Mail {
	const { headers, ...list } = wayOut(ctx, letter.unsubscribeUrl);
	const from = sender(ctx, letter.language);
	return {
		...from,
		// An object is taken as it is; a text would be read as a list of addresses.
		to: { name: '', address: letter.to },
		envelope: { from: ctx.organisation.organisation.mailbox ?? addressIn(from.from), to: letter.to },
		dsn: { id, return: 'headers', notify: ['failure', 'delay'], recipient: letter.to },
		subject: written.subject,
		text: written.text,
		html: written.html,
		date: new Date(createdAt),
		messageId: `<${id}@${hostOf(ctx)}>`,
		headers: { ...headers, ...listId(ctx, letter.topic), 'Content-Language': letter.language },
		...list,
		disableFileAccess: true,
		disableUrlAccess: true
	};
}

/** Lets a transporter sign what it composes, as the very last step before it is sent. */
export function sign<Sent>(transporter: Transporter<Sent>, { dkim }: Context['settings']): Transporter<Sent> {
	if (!dkim) return transporter;
	return transporter.use('stream', (mail, done) => {
		mail.message.processFunc(signing(dkim, new Date(mail.data.date ?? 0)));
		done();
	});
}

// Promise: in the demonstration nothing leaves the machine; what would have been sent lies in a folder, to be looked at.
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import PostalMime from 'postal-mime';
import type { Context } from '../context.ts';
import type { Channel } from './delivery.ts';

export interface SentMessage {
	id: string;
	channel: Channel;
	to: string;
	from: string;
	subject: string;
	text: string;
	/** Empty for a text message. */
	html: string;
	at: string;
	/** As they stand in the mail; none for a text message. */
	headers: { name: string; value: string }[];
}

const endings = { email: '.eml', sms: '.txt' } as const;
const fileName = /^([0-9a-f-]{36})(\.eml|\.txt)$/;
/** How many of the newest are looked through for a recipient. */
const lookedThrough = 1_000;

export const folderOf = (ctx: Pick<Context, 'settings'>): string => join(ctx.settings.dataFolder, 'outbox');

/** Named by the message's own id, which says nothing of the person; renamed into place, so that nobody reads half of it. */
export async function putIntoFolder(
	ctx: Context,
	id: string,
	channel: Channel,
	content: Buffer | string
): Promise<void> {
	const folder = folderOf(ctx);
	await mkdir(folder, { recursive: true, mode: 0o700 });
	const file = join(folder, id + endings[channel]);
	await writeFile(`${file}.part`, content, { mode: 0o600 });
	await rename(`${file}.part`, file);
}

export async function removeFromFolder(ctx: Context, ids: readonly string[]): Promise<void> {
	for (const id of ids)
		for (const ending of Object.values(endings)) await rm(join(folderOf(ctx), id + ending), { force: true });
}

async function readMail(file: string): Promise<Omit<SentMessage, 'id' | 'channel'>> {
	const { to, from, subject, text, html, date, headers } = await PostalMime.parse(await readFile(file));
	return {
		to: to?.map(({ address }) => address ?? '').join(', ') ?? '',
		from: from?.name || from?.address || '',
		subject: subject ?? '',
		text: text ?? '',
		html: html ?? '',
		at: date ?? '',
		headers: headers.map(({ originalKey, value }) => ({ name: originalKey, value }))
	};
}

/** As `smsIntoFolder` in transports/folder.ts writes it: `To`, `From` and `Date`, an empty line, the text. */
async function readSms(file: string): Promise<Omit<SentMessage, 'id' | 'channel'>> {
	const [head = '', ...rest] = (await readFile(file, 'utf8')).split('\n\n');
	const line = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(head)?.[1] ?? '';
	const text = rest.join('\n\n');
	return { to: line('To'), from: line('From'), subject: '', text, html: '', at: line('Date'), headers: [] };
}

async function read(ctx: Context, name: string): Promise<SentMessage | undefined> {
	const [, id = '', ending] = fileName.exec(name) ?? [];
	const file = join(folderOf(ctx), name);
	if (!id || !existsSync(file)) return undefined;
	return ending === '.eml'
		? { id, channel: 'email', ...(await readMail(file)) }
		: { id, channel: 'sms', ...(await readSms(file)) };
}

/** The newest messages, only to `to` where given; `before` is the last id seen. Demonstration only. */
export async function sentMessages(
	ctx: Context,
	{ to = '', before = '', limit = 20 }
): Promise<SentMessage[]> {
	if (!existsSync(folderOf(ctx))) return [];
	const names = (await readdir(folderOf(ctx))).filter(
		(name) => fileName.test(name) && (!before || name.slice(0, 36) < before)
	);
	const found: SentMessage[] = [];
	for (const name of names.sort().reverse().slice(0, lookedThrough)) {
		const message = await read(ctx, name);
		if (message?.to.toLowerCase().includes(to.toLowerCase())) found.push(message);
		if (found.length === limit) break;
	}
	return found;
}

export async function sentMessage(ctx: Context, id: string): Promise<SentMessage | undefined> {
	return (await read(ctx, `${id}.eml`)) ?? (await read(ctx, `${id}.txt`));
}

// What the portal sent, read from the demonstration's outbox: one .eml file a message, below the data folder.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import PostalMime, { type Email } from 'postal-mime';
import type { RunningPortal } from './running-portal.ts';

export interface Message {
	file: string;
	/** Addresses, separated by commas. */
	to: string;
	subject: string;
	text: string;
	html: string;
	/** The values of every header of that name. */
	header(name: string): string[];
	/** The file as it is, for what was signed. */
	raw: string;
}

export interface Mailbox {
	/** Every message so far, oldest first; to `to` only when given. */
	messages(to?: string): Promise<Message[]>;
	/** Waits for the newest message to `to`, not answered before, whose text or subject matches. */
	next(to: string, matching?: RegExp): Promise<Message>;
	/** Waits for a message with a code of six digits and answers the code. */
	code(to: string): Promise<string>;
}

export function mailboxOf({ dataFolder }: Pick<RunningPortal, 'dataFolder'>): Mailbox {
	const answered = new Set<string>();
	const messages = async (to = '') => {
		const all = await Promise.all(outboxFiles(dataFolder).map(readMessage));
		return all.filter((message) => message.to.includes(to));
	};
	const next = async (to: string, matching = /(?:)/) => {
		for (let attempt = 0; attempt < 100; attempt += 1) {
			const fresh = (await messages(to)).filter(({ file }) => !answered.has(file));
			const found = fresh.findLast(({ subject, text }) => matching.test(subject) || matching.test(text));
			if (found) {
				answered.add(found.file);
				return found;
			}
			await pause(100);
		}
		throw new Error(`No message to ${to} that matches ${matching} came within ten seconds`);
	};
	const code = async (to: string) => {
		const { text } = await next(to, sixDigits);
		return sixDigits.exec(text)?.[0] ?? '';
	};
	return { messages, next, code };
}

const sixDigits = /\b\d{6}\b/;

function outboxFiles(folder: string): string[] {
	if (!existsSync(folder)) return [];
	return readdirSync(folder, { recursive: true, encoding: 'utf8' })
		.filter((name) => name.endsWith('.eml'))
		.sort()
		.map((name) => join(folder, name));
}

async function readMessage(file: string): Promise<Message> {
	const raw = readFileSync(file, 'utf8');
	const email = await PostalMime.parse(raw);
	return {
		file,
		to: addressesOf(email),
		subject: email.subject ?? '',
		text: email.text ?? '',
		html: email.html ?? '',
		header: (name) => email.headers.filter(({ key }) => key === name.toLowerCase()).map(({ value }) => value),
		raw
	};
}

const addressesOf = ({ to = [] }: Email): string => to.map(({ address }) => address ?? '').join(', ');

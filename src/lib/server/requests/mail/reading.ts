// Promise: a mail is read within limits, whatever is in it; what machines send and what cannot be read is told apart.
import PostalMime, { type Email } from 'postal-mime';
import { longestText } from '../messages.ts';

/** Larger ones are refused: a right needs no more. */
export const largestMail = 5_000_000;

export interface Mail {
	from: string;
	subject: string;
	/** Read only where the mail is taken: it costs more than its heading. */
	text: () => string;
	messageId: string | undefined;
}

const limits = { maxNestingDepth: 20, maxHeadersSize: 200_000 };

const headersOf = ({ headers }: Email): Map<string, string> =>
	new Map(headers.map(({ key, value }) => [key.toLowerCase(), value.trim().toLowerCase()]));

/** Answers, lists, bounces: nobody is there who asks for anything (RFC 3834), and an answer would go round in circles. */
function isAutomatic(email: Email, from: string): boolean {
	const headers = headersOf(email);
	const submitted = headers.get('auto-submitted');
	if (submitted !== undefined && submitted !== 'no') return true;
	if (headers.get('return-path') === '<>') return true;
	if (headers.has('list-id') || headers.has('list-unsubscribe') || headers.has('x-auto-response-suppress'))
		return true;
	if (/^(bulk|junk|list)$/.test(headers.get('precedence') ?? '')) return true;
	if (/multipart\/report/.test(headers.get('content-type') ?? '')) return true;
	return /^(mailer-daemon|postmaster|no-?reply)@/.test(from);
}

/** What can be shown of a text: without what cannot be seen or turns the direction, and no longer than a message. */
const shown = (text: string): string =>
	text
		.toWellFormed()
		.normalize('NFC')
		.replace(/\r\n?/g, '\n')
		.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, '')
		.trim()
		.slice(0, longestText)
		.toWellFormed();

/** Behind the first of these from there on; undefined where there is none. */
function behind(html: string, from: number, sought: RegExp): number | undefined {
	sought.lastIndex = from;
	return sought.test(html) ? sought.lastIndex : undefined;
}

const closings: Readonly<Record<string, RegExp>> = {
	'<!--': /-->/g,
	'<style': /<\/style[^<>]*>/gi,
	'<script': /<\/script[^<>]*>/gi
};

/** What stands between the tags, in one pass; what is never closed ends the text, as it does in a browser. */
function withoutTags(html: string): string {
	const parts: string[] = [];
	const opening = /<(?:!--|(?:style|script)(?![\w-])|[a-z/!?])/gi;
	let at: number | undefined = 0;
	while (at !== undefined) {
		opening.lastIndex = at;
		const found = opening.exec(html);
		parts.push(html.slice(at, found?.index));
		if (!found) break;
		at = behind(html, opening.lastIndex, closings[found[0].toLowerCase()] ?? />/g);
	}
	return parts.join(' ').replace(/&nbsp;/g, ' ');
}

/** Reads a message (RFC 5322). Refuses `too-large`, `unreadable` and `automatic`. */
export async function readMail(
	raw: Uint8Array
): Promise<Mail | { refused: 'too-large' | 'unreadable' | 'automatic' }> {
	if (raw.length > largestMail) return { refused: 'too-large' };
	let email: Email;
	try {
		email = await PostalMime.parse(raw, limits);
	} catch {
		return { refused: 'unreadable' };
	}
	const from = email.from?.address?.trim().toLowerCase() ?? '';
	if (!/^[^\s@<>]{1,64}@[^\s@<>]{1,255}$/.test(from)) return { refused: 'unreadable' };
	if (isAutomatic(email, from)) return { refused: 'automatic' };
	const text = () => shown(email.text ?? withoutTags((email.html ?? '').slice(0, 200_000)));
	return { from, subject: shown(email.subject ?? ''), text, messageId: email.messageId };
}

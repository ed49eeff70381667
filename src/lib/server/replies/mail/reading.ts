// Promise: what a mail server or a mail program reports is read within limits, and only the parts that machines write for machines.
import PostalMime, { type Attachment, type Email } from 'postal-mime';
import { statusIn } from '../../delivery/delivery.ts';

/** What became of one recipient (RFC 3464 §2.3). */
export interface Recipient {
	/** As it was written to, and where it ended: another one where it was forwarded. */
	addresses: string[];
	action: string;
	/** Three numbers (RFC 3463); '' where there is none. */
	status: string;
}

/** The headers of our own message, as they came back. */
export interface Returned {
	messageId: string | undefined;
	/** Whatever may be a token of a way out. */
	tokens: string[];
}

export interface DeliveryReport extends Returned {
	envelopeId: string | undefined;
	recipients: Recipient[];
}

/** Feedback of a mailbox provider (RFC 5965). */
export interface Complaint extends Returned {
	kind: string;
	/** To whom the message went; undefined where the provider does not say. */
	recipient: string | undefined;
}

export interface ReadMail {
	/** The same for the same mail. */
	name: string | undefined;
	/** Whatever may be a token of a way out, in the subject or on a line of its own. */
	tokens: string[];
	delivery?: DeliveryReport;
	complaint?: Complaint;
}

type Fields = ReadonlyMap<string, string>;

const limits = { maxNestingDepth: 20, maxHeadersSize: 200_000, forceRfc822Attachments: true };
const longestReport = 100_000;
const mostRecipients = 50;
const mostTokens = 10;
const mostLines = 500;
/** Ours are longer than 100 characters. */
const possibleToken = /[A-Za-z0-9_-]{60,900}/g;
const wholeToken = /^[A-Za-z0-9_-]{60,900}$/;

/** Lines of `Name: value` in groups, parted by an empty line; what is folded is one line. */
function groupsOf(text: string): Fields[] {
	const groups = text
		.slice(0, longestReport)
		.replace(/\r\n?/g, '\n')
		.trim()
		.split(/\n[ \t]*\n/);
	return groups.map(
		(group) =>
			new Map(
				group
					.replace(/\n[ \t]+/g, ' ')
					.split('\n')
					.map((line) => [line.split(':', 1)[0]?.trim().toLowerCase() ?? '', line] as const)
					.map(([name, line]) => [name, line.slice(line.indexOf(':') + 1).trim()])
			)
	);
}

function partOf({ attachments }: Email, types: readonly string[]): Fields[] {
	const part = attachments.find(({ mimeType }) => types.includes(mimeType));
	return part ? groupsOf(textOf(part)) : [];
}

const textOf = ({ content }: Attachment): string =>
	typeof content === 'string' ? content : new TextDecoder().decode(content);

/** `rfc822; somebody@example.com`, or the address alone. */
const addressIn = (field: string | undefined): string | undefined =>
	/(?:^|;)\s*<?([^\s<>;]+@[^\s<>;]+?)>?\s*$/.exec(field ?? '')?.[1];

const tokensIn = (text: string): string[] => (text.match(possibleToken) ?? []).slice(0, mostTokens);

const returnedTypes = ['message/rfc822', 'text/rfc822-headers', 'message/global', 'message/global-headers'];

function returnedOf(email: Email): Returned {
	const [headers] = partOf(email, returnedTypes);
	return {
		messageId: /<([^<>\s]+)>/.exec(headers?.get('message-id') ?? '')?.[1],
		tokens: tokensIn(headers?.get('list-unsubscribe') ?? '')
	};
}

/** Some servers say x.0.0 of everything, and why only in what the other side answered. */
function statusOf(fields: Fields): string {
	const status = statusIn(fields.get('status'));
	const answered = statusIn(fields.get('diagnostic-code'));
	return status.endsWith('.0.0') && answered[0] === status[0] ? answered : status;
}

function deliveryOf(email: Email): DeliveryReport | undefined {
	const [message, ...recipients] = partOf(email, [
		'message/delivery-status',
		'message/global-delivery-status'
	]);
	if (!message || !recipients.length) return undefined;
	return {
		...returnedOf(email),
		envelopeId: message.get('original-envelope-id'),
		recipients: recipients.slice(0, mostRecipients).map((fields) => ({
			addresses: ['original-recipient', 'final-recipient'].flatMap(
				(name) => addressIn(fields.get(name)) ?? []
			),
			action: (fields.get('action') ?? '').toLowerCase(),
			status: statusOf(fields)
		}))
	};
}

function complaintOf(email: Email): Complaint | undefined {
	const [fields] = partOf(email, ['message/feedback-report']);
	const kind = fields?.get('feedback-type')?.toLowerCase();
	if (!kind) return undefined;
	return { ...returnedOf(email), kind, recipient: addressIn(fields?.get('original-rcpt-to')) };
}

/**
 * A mail program writes the token of `mailto:` into the subject, some into the body. A link does not count there: whoever
 * answers a message quotes its foot, and has stopped nothing by it.
 */
function ownTokens({ subject = '', text = '' }: Email): string[] {
	const lines = text.split('\n', mostLines).map((line) => line.trim());
	const alone = lines.filter((line) => wholeToken.test(line)).slice(0, mostTokens);
	return [...tokensIn(subject), ...tokensIn(subject.replace(/\s/g, '')), ...alone];
}

const reportType = (email: Email): string | undefined => {
	const type = email.headers.find(({ key }) => key === 'content-type')?.value.toLowerCase() ?? '';
	if (!type.startsWith('multipart/report')) return undefined;
	return /report-type\s*=\s*"?([a-z-]+)/.exec(type)?.[1];
};

/** Reads a message (RFC 5322); undefined for what cannot be read. */
export async function readMail(raw: Uint8Array): Promise<ReadMail | undefined> {
	let email: Email;
	try {
		email = await PostalMime.parse(raw, limits);
	} catch {
		return undefined;
	}
	const type = reportType(email);
	const delivery = type === 'delivery-status' ? deliveryOf(email) : undefined;
	const complaint = type === 'feedback-report' ? complaintOf(email) : undefined;
	return {
		name: email.messageId,
		tokens: type ? [] : ownTokens(email),
		...(delivery && { delivery }),
		...(complaint && { complaint })
	};
}

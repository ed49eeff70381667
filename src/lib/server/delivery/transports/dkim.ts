// Promise: whoever gets a mail can check that it is ours whole, with the headers that let it be stopped, and that none was added.
// nodemailer's own signer knows neither Ed25519 nor a header that is signed as absent (RFC 6376 §5.4.2).
import { createHash, createPrivateKey, sign, type KeyObject } from 'node:crypto';
import { Transform, type Readable } from 'node:stream';
import type { Settings } from '../../platform/settings.ts';

type Dkim = NonNullable<Settings['dkim']>;

/**
 * Each is named once more than it stands in the message, so that a second one breaks the signature. RFC 8058 §4 wants the two of
 * the way out among them.
 */
const signed = [
	'From',
	'Sender',
	'Reply-To',
	'To',
	'Cc',
	'Subject',
	'Date',
	'Message-ID',
	'In-Reply-To',
	'References',
	'MIME-Version',
	'Content-Type',
	'Content-Transfer-Encoding',
	'Content-Language',
	'Auto-Submitted',
	'List-Id',
	'List-Unsubscribe',
	'List-Unsubscribe-Post'
] as const;

/** RFC 6376 §3.4.2: one blank for many, none at the ends, unfolded. */
const relaxedHeader = (name: string, value: string): string =>
	`${name.toLowerCase()}:${value
		.replace(/\r\n/g, '')
		.replace(/[ \t]+/g, ' ')
		.replace(/^ | $/g, '')}`;

/** RFC 6376 §3.4.4. */
function relaxedBody(body: string): string {
	const lines = body.replace(/[ \t]+(?=\r\n|$)/g, '').replace(/[ \t]+/g, ' ');
	const end = lines.replace(/(\r\n)+$/, '');
	return end ? `${end}\r\n` : '';
}

function fieldsOf(head: string): { name: string; value: string }[] {
	return head
		.split(/\r\n(?![ \t])/)
		.filter(Boolean)
		.map((line) => {
			const colon = line.indexOf(':');
			return { name: line.slice(0, colon).trim().toLowerCase(), value: line.slice(colon + 1) };
		});
}

/** Which headers are signed, and what they are: from the last one upwards where there are many (RFC 6376 §5.4.2). */
function chosen(head: string): { names: string[]; lines: string[] } {
	const fields = fieldsOf(head).reverse();
	const names: string[] = [];
	const lines: string[] = [];
	for (const name of signed) {
		const found = fields.filter((field) => field.name === name.toLowerCase());
		for (const { value } of found) lines.push(relaxedHeader(name, value));
		for (let count = 0; count <= found.length; count++) names.push(name);
	}
	return { names, lines };
}

const keys = new WeakMap<Dkim, KeyObject>();

function keyOf(dkim: Dkim): KeyObject {
	const key = keys.get(dkim) ?? createPrivateKey(dkim.key);
	keys.set(dkim, key);
	return key;
}

/** Ed25519 signs the hash (RFC 8463 §3), RSA the text itself. */
function signatureOf(key: KeyObject, text: string): string {
	const bytes = Buffer.from(text, 'latin1');
	if (key.asymmetricKeyType !== 'ed25519') return sign('sha256', bytes, key).toString('base64');
	return sign(null, createHash('sha256').update(bytes).digest(), key).toString('base64');
}

/** Cut anywhere: blanks within a signature say nothing. */
const folded = (text: string): string => text.match(/.{1,72}/g)?.join('\r\n ') ?? '';

/** Names may only be parted between them. */
const foldedNames = (names: string[]): string => names.join(':').replace(/(.{1,70}(?::|$))(?=.)/g, '$1\r\n ');

/** The `DKIM-Signature` of a message (RFC 6376, relaxed/relaxed), to be put before it; its lines end in CRLF. */
export function dkimSignature(dkim: Dkim, message: Buffer, at: Date): string {
	const text = message.toString('latin1');
	const split = text.indexOf('\r\n\r\n');
	const head = split < 0 ? text : text.slice(0, split);
	const key = keyOf(dkim);
	const { names, lines } = chosen(head);
	const body = createHash('sha256')
		.update(relaxedBody(split < 0 ? '' : text.slice(split + 4)), 'latin1')
		.digest('base64');
	const tags = [
		' v=1',
		`a=${key.asymmetricKeyType === 'ed25519' ? 'ed25519' : 'rsa'}-sha256`,
		'c=relaxed/relaxed',
		`d=${dkim.domain};\r\n s=${dkim.selector}`,
		`t=${Math.floor(at.getTime() / 1_000)};\r\n h=${foldedNames(names)};\r\n bh=${body}`
	];
	const unsigned = `${tags.join('; ')};\r\n b=`;
	const signature = signatureOf(key, [...lines, relaxedHeader('dkim-signature', unsigned)].join('\r\n'));
	return `DKIM-Signature:${unsigned}${folded(signature)}\r\n`;
}

/** As it goes over the wire, where a line ends in CRLF (RFC 5321 §2.3.8). */
const withLineEnds = (message: Buffer): Buffer =>
	Buffer.from(message.toString('latin1').replace(/\r?\n/g, '\r\n'), 'latin1');

/** Puts the signature before a message that flows by; a mail of ours is small enough to be held whole. */
export function signing(dkim: Dkim, at: Date): (input: Readable) => Readable {
	return (input) => {
		const chunks: Buffer[] = [];
		const stream = new Transform({
			transform: (chunk: Buffer, _encoding, done) => {
				chunks.push(chunk);
				done();
			},
			flush: (done) => {
				const message = withLineEnds(Buffer.concat(chunks));
				stream.push(dkimSignature(dkim, message, at));
				stream.push(message);
				done();
			}
		});
		input.on('error', (error) => stream.destroy(error));
		return input.pipe(stream);
	};
}

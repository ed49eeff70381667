// Promise: what the gateway brings is read whether it is shaped like Twilio's or as plain JSON, and only where its signature fits.
import { z } from 'zod';
import type { Context } from '../../context.ts';
import { after } from '../../platform/clock.ts';
import type { RefusedAddress } from '../refused-addresses.ts';
import { meaningOf } from './reading.ts';
import type { SmsMessage } from './receiving.ts';
import { isStandard, isTwilioBody, isTwilioForm, type Parameters } from './signatures.ts';
import type { Meaning } from './words.ts';

/** A request as it came. */
export interface Arrived {
	/** Path and query; the rest of the address is the public one, whatever a proxy makes of it. */
	path: string;
	header(name: string): string | null;
	body: Uint8Array;
}

export type Read = { shape: 'twilio' | 'json' } & (
	| { message: SmsMessage }
	/** How a message of ours fared, where that says something about the number. */
	| { refusal: RefusedAddress | undefined }
	| { refused: 'signature-wrong' | 'message-unreadable' }
);

/** A message as a gateway of any make brings it; what else it says is passed over, so that no stop is lost to a new member. */
const smsShape = z.object({
	/** The gateway's own name for the message: the same one counts once. */
	id: z.string().min(1).max(200),
	/** E.164. */
	from: z.string().min(1).max(40),
	to: z.string().max(40).optional(),
	text: z.string().max(10_000),
	/** When the carrier took it. */
	at: z.iso.datetime({ offset: true })
});

/**
 * Twilio does not say when a message was sent, and may bring it again for fifteen seconds: so much older a START may be than it
 * looks, and is taken to be, so that it undoes no stop that was sent after it.
 */
const twilioSeconds = 15;

const optOuts: Readonly<Record<string, Meaning>> = { STOP: 'stop', START: 'start', HELP: 'help' };

/** What Twilio says about numbers: stopped, blocked; unknown, a landline. */
const refusals: Readonly<Record<string, RefusedAddress['because']>> = {
	'21610': 'carrier',
	'30004': 'carrier',
	'30005': 'bounced',
	'30006': 'bounced'
};

function parsed(text: string): unknown {
	try {
		return JSON.parse(text) as unknown;
	} catch {
		return undefined;
	}
}

/** Reads a message that came as JSON. */
export function readMessage(text: string): { message: SmsMessage } | { refused: 'message-unreadable' } {
	const checked = smsShape.safeParse(parsed(text));
	if (!checked.success) return { refused: 'message-unreadable' };
	const { id, from, text: words, at } = checked.data;
	return { message: { id, from, text: words, at: new Date(at) } };
}

/** `get` answers a parameter, or ''. */
function readTwilio(get: (name: string) => string, now: Date) {
	if (get('MessageStatus')) {
		const because = refusals[get('ErrorCode')];
		return { refusal: because && { channel: 'sms' as const, to: get('To'), because } };
	}
	const id = get('MessageSid') || get('SmsSid');
	if (!id || !get('From')) return { refused: 'message-unreadable' as const };
	const text = get('Body');
	const answeredAs = optOuts[get('OptOutType').toUpperCase()];
	const isStart = (answeredAs ?? meaningOf(text)) === 'start';
	const at = isStart ? after(now, -twilioSeconds, 'seconds') : now;
	return { message: { id, from: get('From'), text, at, answeredAs } };
}

const isForm = (type: string | null): boolean =>
	type?.split(';')[0]?.trim().toLowerCase() === 'application/x-www-form-urlencoded';

function fromTwilio(secret: string, signature: string, { path, header, body }: Arrived, ctx: Context): Read {
	const shape = 'twilio';
	const url = ctx.settings.origin + path;
	const text = Buffer.from(body).toString();
	const now = ctx.clock.now();
	if (isForm(header('content-type'))) {
		const form = new URLSearchParams(text);
		const parameters: Parameters = [...form];
		if (!isTwilioForm(secret, url, parameters, signature)) return { shape, refused: 'signature-wrong' };
		return { shape, ...readTwilio((name) => form.get(name) ?? '', now) };
	}
	if (!isTwilioBody(secret, url, body, signature)) return { shape, refused: 'signature-wrong' };
	const json = z.record(z.string(), z.unknown()).safeParse(parsed(text)).data ?? {};
	const get = (name: string) => (['string', 'number'].includes(typeof json[name]) ? String(json[name]) : '');
	return { shape, ...readTwilio(get, now) };
}

/** Reads a request of the gateway. Without a secret, with a wrong signature or an old one nothing of it is looked at. */
export function readGateway(ctx: Context, arrived: Arrived): Read {
	const { smsSecret } = ctx.settings;
	const { header, body } = arrived;
	const signature = header('x-twilio-signature');
	if (!smsSecret) return { shape: signature === null ? 'json' : 'twilio', refused: 'signature-wrong' };
	if (signature !== null) return fromTwilio(smsSecret, signature, arrived, ctx);
	const text = Buffer.from(body).toString();
	const head = {
		id: header('webhook-id') ?? '',
		timestamp: header('webhook-timestamp') ?? '',
		signature: header('webhook-signature') ?? ''
	};
	if (!isStandard(smsSecret, head, text, ctx.clock.now()))
		return { shape: 'json', refused: 'signature-wrong' };
	return { shape: 'json', ...readMessage(text) };
}

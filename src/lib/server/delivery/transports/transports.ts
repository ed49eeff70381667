// How a written message leaves: SMTP, an HTTP gateway for SMS, or the demonstration's folder.
import type { Context } from '../../context.ts';
import { gatewayOf } from '../../platform/gateway-url.ts';
import type { Channel } from '../delivery.ts';
import { mailIntoFolder, smsIntoFolder } from './folder.ts';
import { bySmtp } from './mail.ts';
import { byGateway } from './sms.ts';
import type { Transport } from './transport.ts';

export type Transports = Record<Channel, Transport | undefined>;

const opened = new WeakMap<Context['settings'], Transports>();

function open(settings: Context['settings']): Transports {
	const { demonstration, smtpUrl, smsUrl } = settings;
	const gateway = smsUrl ? gatewayOf(smsUrl) : undefined;
	if (demonstration) return { email: mailIntoFolder, sms: smsIntoFolder };
	return {
		email: smtpUrl ? bySmtp(smtpUrl, settings) : undefined,
		sms: gateway && byGateway(gateway)
	};
}

/** The transport of each channel, kept open for the process; a channel without one keeps its messages waiting. */
export function transportsOf(settings: Context['settings']): Transports {
	const kept = opened.get(settings) ?? open(settings);
	opened.set(settings, kept);
	return kept;
}

/** Closes every connection that is kept; the next message opens new ones. */
export function closeTransports(settings: Context['settings']): void {
	const kept = opened.get(settings);
	opened.delete(settings);
	kept?.email?.close?.();
	kept?.sms?.close?.();
}

// Promise: a text message is given to the gateway once: under its own name where the gateway knows names, else never again unless it said no.
import type { Context } from '../../context.ts';
import type { Gateway } from '../../platform/gateway-url.ts';
import { NotTaken, Rejected, type AddressProblem, type Outgoing, type Transport } from './transport.ts';

const seconds = 1_000;

interface Call {
	headers: Record<string, string>;
	body: string;
}

/** Nothing of the message can have left: nobody was there to take it. */
const unreachable = new Set([
	'ECONNREFUSED',
	'EAI_AGAIN',
	'EHOSTUNREACH',
	'ENETUNREACH',
	'ENOTFOUND',
	'UND_ERR_CONNECT_TIMEOUT'
]);

async function post({ address, authorization }: Gateway, { headers, body }: Call): Promise<Response> {
	try {
		return await fetch(address, {
			method: 'POST',
			redirect: 'error',
			signal: AbortSignal.timeout(10 * seconds),
			headers: { ...headers, ...(authorization && { Authorization: authorization }) },
			body
		});
	} catch (error) {
		const { code } = ((error as Error).cause ?? {}) as { code?: string };
		throw code && unreachable.has(code) ? new NotTaken(code) : error;
	}
}

/** A gateway that takes JSON and, by the key, the same message once. */
const byJson = (gateway: Gateway): Transport => ({
	isRepeatable: true,
	lanes: 10,
	send: async (_ctx, { id, letter, written, handOver }) => {
		await handOver();
		const { status } = await post(gateway, {
			headers: { 'Content-Type': 'application/json', 'Idempotency-Key': id },
			body: JSON.stringify({ to: letter.to, text: written.sms, reference: id })
		});
		if (status >= 200 && status < 300) return;
		// Not 404: a mistyped address must not cost a message.
		if (status === 400 || status === 422) throw new Rejected(`HTTP ${status}`);
		if (status >= 400 && status < 500) throw new NotTaken(`HTTP ${status}`);
		throw new Error(`the gateway answered ${status}`);
	}
});

/** What Twilio says of this very number or message, and will say again: stopped; no number, no mobile one. */
const finalCodes: Readonly<Record<number, AddressProblem | undefined>> = {
	21610: 'carrier',
	21211: 'bounced',
	21214: 'bounced',
	21217: 'bounced',
	21614: 'bounced',
	21602: undefined,
	21612: undefined,
	21617: undefined
};

async function refusalOf(response: Response): Promise<NotTaken> {
	const { code } = (await response.json().catch(() => ({}))) as { code?: unknown };
	if (typeof code !== 'number') return new NotTaken(`HTTP ${response.status}`);
	return code in finalCodes
		? new Rejected(`HTTP ${response.status} ${code}`, finalCodes[code])
		: new NotTaken(`HTTP ${response.status} ${code}`);
}

function formOf({ settings }: Context, sender: Record<string, string>, { letter, written }: Outgoing) {
	const form = new URLSearchParams({ To: letter.to, ...sender, Body: written.sms });
	// What becomes of it is taken only where it is signed.
	if (settings.smsSecret) form.set('StatusCallback', new URL('/webhooks/sms', settings.origin).href);
	return form.toString();
}

/** A gateway shaped like Twilio's: it knows no keys, so that nothing is given twice of which it may have taken the first. */
const byTwilio = (gateway: Extract<Gateway, { shape: 'twilio' }>): Transport => ({
	isRepeatable: false,
	lanes: 10,
	send: async (ctx, outgoing) => {
		await outgoing.handOver();
		const response = await post(gateway, {
			headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
			body: formOf(ctx, gateway.sender, outgoing)
		});
		const { status } = response;
		if (status >= 200 && status < 300) return void (await response.body?.cancel());
		if ((status >= 400 && status < 500) || status === 503) throw await refusalOf(response);
		throw new Error(`the gateway answered ${status}`);
	}
});

export const byGateway = (gateway: Gateway): Transport =>
	gateway.shape === 'twilio' ? byTwilio(gateway) : byJson(gateway);

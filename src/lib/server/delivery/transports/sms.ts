// Promise: a text message is given to the gateway under its own name, so that it is sent once however often it is asked for.
import { NotTaken, Rejected, type Transport } from './transport.ts';

const seconds = 1_000;

export const byGateway = (url: string): Transport => ({
	isRepeatable: true,
	lanes: 10,
	send: async (_ctx, { id, letter, written, handOver }) => {
		await handOver();
		const { status } = await fetch(url, {
			method: 'POST',
			redirect: 'error',
			signal: AbortSignal.timeout(10 * seconds),
			headers: { 'Content-Type': 'application/json', 'Idempotency-Key': id },
			body: JSON.stringify({ to: letter.to, text: written.sms, reference: id })
		});
		if (status >= 200 && status < 300) return;
		if (status === 400 || status === 404 || status === 422) throw new Rejected(`HTTP ${status}`);
		if (status >= 400 && status < 500) throw new NotTaken(`HTTP ${status}`);
		throw new Error(`the gateway answered ${status}`);
	}
});

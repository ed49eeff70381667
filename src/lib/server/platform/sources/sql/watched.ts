// Promise: what comes over a connection is counted as it comes, and cut before it fills the memory.
import type { Socket } from 'node:net';
import { CallFailed, type Call } from '../driver.ts';
import { mostBetweenPages } from './engine.ts';

export interface Watched {
	/** Fires when the call ends, or when more came than may. */
	ended: AbortSignal;
	/** A page was taken; the next one may be as large again. */
	pageCame(): void;
	/** What an error means on this connection. */
	failure(error: unknown): CallFailed;
	stop(): void;
}

export function watched(socket: Socket, call: Call, failureOf: (error: unknown) => CallFailed): Watched {
	const tooMuch = new AbortController();
	let total = 0;
	let sincePage = 0;
	const measure = (chunk: Buffer) => {
		total += chunk.length;
		sincePage += chunk.length;
		if (total > call.bytes || sincePage > mostBetweenPages) tooMuch.abort();
	};
	socket.on('data', measure);
	return {
		ended: AbortSignal.any([call.signal, tooMuch.signal]),
		pageCame: () => void (sincePage = 0),
		failure: (error) => (tooMuch.signal.aborted ? new CallFailed('over-budget', 'bytes') : failureOf(error)),
		stop: () => void socket.off('data', measure)
	};
}

/** Calls at once where it has ended already. */
export function whenEnded(ended: AbortSignal, cut: () => void): void {
	if (ended.aborted) cut();
	else ended.addEventListener('abort', cut, { once: true });
}

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

/** A connection for one call. */
export interface Lent<Connection> extends Omit<Watched, 'stop'> {
	connection: Connection;
	/** `whole`: the call came to its end, and somebody else may have the connection. */
	release(whole: boolean): void;
}

/** Cut when the call ends, or when more comes over it than it may. */
export function lent<Connection>(
	connection: Connection,
	watch: Watched,
	{ cut, giveBack }: { cut(): void; giveBack(whole: boolean): void }
): Lent<Connection> {
	let given = false;
	whenEnded(watch.ended, () => void (given || cut()));
	const release = (whole: boolean) => {
		given = true;
		watch.stop();
		giveBack(whole);
	};
	return { connection, ...watch, release };
}

/** Gives the connection back when the work has ended; its failures are told as those of the connection. */
export async function during<Connection, Result>(
	lent: Lent<Connection>,
	work: (connection: Connection) => Promise<Result>
): Promise<Result> {
	let whole = false;
	try {
		const result = await work(lent.connection);
		whole = true;
		return result;
	} catch (error) {
		throw lent.failure(error);
	} finally {
		lent.release(whole);
	}
}

/** The same for pages that are taken one by one; whoever takes no more of them ends the connection. */
export async function* pagesDuring<Connection, Page>(
	lent: Lent<Connection>,
	pages: (connection: Connection) => AsyncIterable<Page>
): AsyncGenerator<Page> {
	let whole = false;
	try {
		yield* pages(lent.connection);
		whole = true;
	} catch (error) {
		throw lent.failure(error);
	} finally {
		lent.release(whole);
	}
}

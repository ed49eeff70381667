// What a transport is, and what is known of a message afterwards: taken, not taken, or nobody can tell.
import type { Context } from '../../context.ts';
import type { Letter } from '../letters.ts';
import type { Written } from '../writing.ts';

export interface Outgoing {
	/** The outbox row's id: names the message to the outside too, so that a second try is recognised as the same one. */
	id: string;
	createdAt: string;
	letter: Letter;
	written: Written;
	/**
	 * To be awaited once, just before the last bytes leave: from here on nobody can tell whether it arrived until the other side
	 * has answered. Rejects when the message must not leave any more; then they do not.
	 */
	handOver(): Promise<void>;
}

export interface Transport {
	/**
	 * Resolves when the other side has taken the message over. Throws `NotTaken` where it said that it has not, `Rejected` where it
	 * never will; after any other error it is not known.
	 */
	send(ctx: Context, outgoing: Outgoing): Promise<void>;
	/** The other side knows a message by its id and takes it once, however often it is given. */
	isRepeatable: boolean;
	/** How many it carries side by side. */
	lanes: number;
	/** Closes what is kept open between two messages. */
	close?(): void;
}

/** A definite answer: the message was not taken, and may be offered again. */
export class NotTaken extends Error {
	readonly code: string;
	constructor(code: string) {
		super('the message was not taken');
		this.name = 'NotTaken';
		this.code = code;
	}
}

/** What the other side says of the address itself: its owner told the carrier to stop, or it takes no messages at all. */
export type AddressProblem = 'carrier' | 'bounced';

/** It is no use to try again. */
export class Rejected extends NotTaken {
	readonly address: AddressProblem | undefined;
	constructor(code: string, address?: AddressProblem) {
		super(code);
		this.name = 'Rejected';
		this.message = 'the message was rejected for good';
		this.address = address;
	}
}

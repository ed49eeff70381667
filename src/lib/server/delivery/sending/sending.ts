// Promise: nothing leaves that the person stopped, and nothing twice that the other side confirmed, whatever dies meanwhile.
import type { Context } from '../../context.ts';
import { instant } from '../../platform/clock.ts';
import { open } from '../../platform/keys/keys.ts';
import { letterPlace, type Letter, type Template } from '../letters.ts';
import { deleteMessage } from '../queries.ts';
import { NotTaken, Rejected, type AddressProblem, type Transport } from '../transports/transport.ts';
import { writeLetter } from '../writing.ts';
import { begin, type Beginner, type Ready } from './beginning.ts';
import { giveUp, leaveUnconfirmed, notSent } from './outcomes.ts';
import { markHanded, markSent, type Claimed } from './queries.ts';
import type { Together } from './together.ts';

/** Hears of an address that takes no messages any more: `replies.addressRefused`. The same again changes nothing. */
export type AddressRefused = (
	ctx: Context,
	refused: { channel: Claimed['channel']; to: string; because: AddressProblem }
) => Promise<unknown>;

/** What the messages of one round share. */
export interface Sender extends Beginner {
	transport: Transport;
	addressRefused: AddressRefused;
	together: Together;
}

type Reached = 'here' | 'handed over' | 'taken back';

/** That nobody could hear it must not keep the message on its way: the next one to that address says it again. */
async function tell(
	{ ctx, addressRefused }: Sender,
	{ id, channel }: Claimed,
	{ to, because }: { to: string; because: AddressProblem }
): Promise<void> {
	try {
		await addressRefused(ctx, { channel, to, because });
	} catch (err) {
		ctx.log.error({ err, id, because }, 'that an address was refused could not be written down');
	}
}

/** Gives a message that was begun to the other side, and writes down what became of it. */
async function carry(sender: Sender, { message, letter, written }: Ready) {
	const { ctx, transport, together } = sender;
	const { id, createdAt } = message;
	let reached: Reached = 'here';
	const handOver = async () => {
		const now = instant(ctx.clock.now());
		const isOurs = await together((ctx) => markHanded(ctx, message, now));
		if (!isOurs && reached === 'here') reached = 'taken back';
		if (!isOurs) throw new Error('the message must not leave any more');
		reached = 'handed over';
	};
	try {
		await transport.send(ctx, { id, createdAt, letter, written, handOver });
	} catch (error) {
		// Before the message ends: a process that dies in between hears it again.
		if (error instanceof Rejected && error.address)
			await tell(sender, message, { to: letter.to, because: error.address });
		return together((ctx) => unsent(ctx, { message, letter, error, reached, transport }));
	}
	const now = instant(ctx.clock.now());
	await together((ctx) => markSent(ctx, message, now));
}

interface Unsent extends Pick<Ready, 'message' | 'letter'>, Pick<Sender, 'transport'> {
	error: unknown;
	reached: Reached;
}

/** An answer is an answer, whenever it came; without one, what counts is how far the message had got. */
async function unsent(ctx: Context, { message, letter, error, reached, transport }: Unsent): Promise<void> {
	const isTold = error instanceof NotTaken || reached === 'here' || transport.isRepeatable;
	if (reached === 'taken back') return;
	if (isTold) await notSent(ctx, message, { error, letter });
	else await leaveUnconfirmed(ctx, message);
}

async function prepare({ ctx, together }: Sender, message: Claimed): Promise<Ready | undefined> {
	const { personId, id, template } = message;
	const key = await ctx.keys.find(personId);
	// Whoever was erased meanwhile is not written to: nothing can be read any more.
	if (!key) return void (await deleteMessage(ctx, personId, id));
	try {
		const letter = open<Letter>(key, letterPlace(id), message.sealed);
		return { message, letter, written: writeLetter(ctx, template as Template, letter) };
	} catch (error) {
		// It never will be readable: waiting, it would only hold up what was written after it.
		return void (await together((ctx) => giveUp(ctx, message, error)));
	}
}

/** One message's way from its claim to its end, or to its next attempt. */
export async function send(sender: Sender, claimed: Claimed): Promise<void> {
	const ready = await prepare(sender, claimed);
	const begun = ready && (await begin(sender, ready));
	if (begun) await carry(sender, begun);
}

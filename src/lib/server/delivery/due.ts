// Promise: a message that was committed is delivered or given up on, and tried again in between, whatever dies meanwhile.
import type { Context } from '../context.ts';
import { after, instant } from '../platform/clock.ts';
import type { WorkKind } from '../platform/work/work.ts';
import type { Channel } from './delivery.ts';
import { leftThisMinute, takeOne } from './sending/limits.ts';
import { putOff, withoutEnded } from './sending/outcomes.ts';
import { claim, type Claimed } from './sending/queries.ts';
import { leaseFrom, oneByOne, type MayAllStillGo, type MayStillGo } from './sending/beginning.ts';
import { send, type AddressRefused, type Sender } from './sending/sending.ts';
import { together } from './sending/together.ts';
import { transportsOf } from './transports/transports.ts';

const batch = 100;
const settingOf: Record<Channel, string> = { email: 'CANDOR_SMTP_URL', sms: 'CANDOR_SMS_URL' };

const warned = new WeakMap<Context['settings'], Set<Channel>>();

/** Said once a process: an operator who forgot the setting should not have to guess why nothing arrives. */
function warnOnce({ settings, log }: Context, channel: Channel): void {
	const said = warned.get(settings) ?? new Set();
	if (said.has(channel)) return;
	warned.set(settings, said.add(channel));
	log.warn(
		{ channel, setting: settingOf[channel] },
		`messages wait in the outbox: ${settingOf[channel]} is not set`
	);
}

/** A person's messages of one way, in the order in which they were written; each urgent one for itself. */
function inTurn(claimed: readonly Claimed[], urgent: boolean): Claimed[][] {
	const turns = new Map<string, Claimed[]>();
	for (const message of claimed) {
		const whose = urgent ? message.id : message.personId;
		turns.set(whose, [...(turns.get(whose) ?? []), message]);
	}
	return [...turns.values()].map((turn) => turn.sort((one, other) => (one.id < other.id ? -1 : 1)));
}

/** Works on several at once; each lane takes the next when it is done with one. */
async function inLanes<Item>(
	items: readonly Item[],
	lanes: number,
	work: (item: Item) => Promise<void>
): Promise<void> {
	const next = items.values();
	const lane = async () => {
		for (const item of next) await work(item);
	};
	await Promise.all(Array.from({ length: Math.min(lanes, items.length) }, lane));
}

/** One after the other; the limit of the channel holds back all but what is urgent. */
async function sendInTurn(sender: Sender, turn: readonly Claimed[], urgent: boolean): Promise<void> {
	for (const message of turn) {
		const wait = await takeOne(sender.ctx, message.channel);
		if (!wait || urgent) await send(sender, message);
		else await sender.together((ctx) => putOff(ctx, message, wait));
	}
}

async function sendAll(sender: Sender, claimed: readonly Claimed[], urgent: boolean): Promise<void> {
	// Asked for together, they are at hand when each is needed.
	await sender.ctx.keys.findMany([...new Set(claimed.map(({ personId }) => personId))]);
	await inLanes(inTurn(claimed, urgent), sender.transport.lanes, (turn) => sendInTurn(sender, turn, urgent));
}

/** What the outbox asks and tells those who know people: a ledger knows no domain. */
type Domains = Pick<Sender, 'mayStillGo' | 'mayAllStillGo' | 'addressRefused'>;

const kindOf = (name: string, channel: Channel, urgent: boolean, domains: Domains) => ({
	name,
	run: async (ctx: Context): Promise<number> => {
		const transport = transportsOf(ctx.settings)[channel];
		const limit = urgent ? batch : Math.min(batch, await leftThisMinute(ctx, channel));
		if (limit === 0) return 0;
		const now = ctx.clock.now();
		const until = leaseFrom(now);
		const claimed = await claim(ctx, { channel, urgent, limit, now: instant(now), until });
		const left = await withoutEnded(ctx, claimed, transport?.isRepeatable ?? false);
		if (!transport) await keepWaiting(ctx, channel, left);
		else await sendAll({ ctx, transport, ...domains, together: together(ctx) }, left, urgent);
		return claimed.length;
	}
});

/** No transport for this channel: its messages wait, and the wait does not count as a try. */
async function keepWaiting(ctx: Context, channel: Channel, claimed: readonly Claimed[]): Promise<void> {
	if (claimed.length) warnOnce(ctx, channel);
	const at = instant(after(ctx.clock.now(), 1, 'minutes'));
	for (const message of claimed) await putOff(ctx, message, at);
}

/**
 * Each way with a pace of its own, so that a slow gateway holds up no mail, and codes and notices about the safety of an account
 * beside everything else: none of them runs out, or helps too late, behind a campaign. `mayStillGo` is asked before a message
 * leaves (`mayAllStillGo` about many of topics), `addressRefused` told of an address that takes none.
 */
export function deliveryWork(
	mayStillGo: MayStillGo,
	addressRefused: AddressRefused = async () => undefined,
	mayAllStillGo: MayAllStillGo = oneByOne(mayStillGo)
): WorkKind<Context>[] {
	const domains = { mayStillGo, mayAllStillGo, addressRefused };
	return [
		kindOf('delivery of what is urgent by email', 'email', true, domains),
		kindOf('delivery of what is urgent by sms', 'sms', true, domains),
		kindOf('delivery by email', 'email', false, domains),
		kindOf('delivery by sms', 'sms', false, domains)
	];
}

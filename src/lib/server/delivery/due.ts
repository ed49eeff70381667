// Promise: a message that was committed is delivered or given up on, and tried again in between, whatever dies meanwhile.
import type { Context } from '../context.ts';
import { after, instant } from '../platform/clock.ts';
import { open } from '../platform/keys/keys.ts';
import { claimDue, nextAttempt, type Claim, type WorkKind } from '../platform/work/work.ts';
import { letterPlace, type Letter, type Template } from './letters.ts';
import { deleteMessage, endMessage, postpone, selectMessage } from './queries.ts';
import { Rejected, transportsOf, type Transport } from './transports.ts';
import { writeLetter } from './writing.ts';
import type { Channel } from './delivery.ts';

/** Few at a time: their slowest end must lie within the lease. */
const batch = 10;
/** Over a day and a half, by the steps of `nextAttempt`. */
const mostAttempts = 10;
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

/** No transport for this channel: the message waits, and the wait does not count as a try. */
function keepWaiting(ctx: Context, { personId, id, attempts }: Claim, channel: Channel) {
	warnOnce(ctx, channel);
	return postpone(ctx, personId, id, {
		attempts,
		nextAttemptAt: instant(after(ctx.clock.now(), 1, 'minutes'))
	});
}

async function failed(
	ctx: Context,
	{ personId, id, attempts }: Claim,
	template: string,
	error: unknown
): Promise<void> {
	const tries = attempts + 1;
	const final = error instanceof Rejected || tries >= mostAttempts;
	const code = (error as { code?: unknown }).code;
	ctx.log.warn(
		{ id, template, tries, code: typeof code === 'string' ? code : undefined, final },
		'a message could not be delivered'
	);
	if (final) await endMessage(ctx, personId, id, { state: 'failed', sentAt: null });
	else await postpone(ctx, personId, id, { attempts: tries, nextAttemptAt: nextAttempt(ctx.clock, tries) });
}

async function attempt(
	ctx: Context,
	transports: Record<Channel, Transport | undefined>,
	claim: Claim
): Promise<void> {
	const { personId, id } = claim;
	const row = await selectMessage(ctx, personId, id);
	if (!row) return;
	const transport = transports[row.channel];
	if (!transport) return void (await keepWaiting(ctx, claim, row.channel));
	const key = await ctx.keys.find(personId);
	// Whoever was erased meanwhile is not written to: nothing can be read any more.
	if (!key) return void (await deleteMessage(ctx, personId, id));
	try {
		const letter = open<Letter>(key, letterPlace(id), row.sealed);
		const written = writeLetter(ctx, row.template as Template, letter);
		await transport(ctx, { id, createdAt: row.createdAt, letter, written });
	} catch (error) {
		return failed(ctx, claim, row.template, error);
	}
	await endMessage(ctx, personId, id, { state: 'sent', sentAt: instant(ctx.clock.now()) });
}

export const deliveryWork: WorkKind<Context> = {
	name: 'delivery',
	run: async (ctx) => {
		const transports = transportsOf(ctx.settings);
		const claims = await claimDue(ctx, 'outbox', batch);
		await Promise.all(claims.map((claim) => attempt(ctx, transports, claim)));
		return claims.length;
	}
};

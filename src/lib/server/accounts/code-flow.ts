// Promise: whoever asks for a code learns nothing by it: with and without an account the answer is the same, and comes as late.
import { setTimeout as pause } from 'node:timers/promises';
import type { Context } from '../context.ts';
import { after, instant } from '../platform/clock.ts';
import { take, type Limit } from '../platform/throttle/throttle.ts';
import * as codes from './codes/codes.ts';
import { lookUp } from './sign-in.ts';

/** One budget for every code that lets somebody in, whichever page asks for it. */
const perIdentifier: Limit = { name: 'codes', points: 5, seconds: 900 };
const perAddress: Limit = { name: 'codes-address', points: 20, seconds: 3_600 };
/** However often a code is asked for and whoever asks: 50 of a million codes a day (NIST SP 800-63B-4). A stranger's flow names nobody, and counts alike. */
const perPersonTries: Limit = { name: 'codes-person', points: 50, seconds: 86_400 };
const perAddressTries: Limit = { name: 'codes-tries', points: 60, seconds: 3_600 };

/** Longer than making and sealing a code takes: with and without an account the answer comes at the same time. */
const leastMilliseconds = 300;
/** And longer than counting a try of one, which there is only where there is an account. */
const leastMillisecondsOfTry = 50;

type Way = 'recovery' | 'sign-in';

/** What the browser carries from step to step, sealed: of the same size whether or not there is an account. */
export interface Flow {
	personId: string;
	codeId: string;
	until: string;
	proved: boolean;
}

export type Throttled = { refused: 'too-many-tries'; waitSeconds: number };

export const makeFlow = (ctx: Context, way: Way, flow: Omit<Flow, 'until'>): string =>
	ctx.keys.makeToken(`${way}-flow`, {
		...flow,
		until: instant(after(ctx.clock.now(), codes.codeMinutes, 'minutes'))
	});

/** Undefined for one that we did not make, for another way, and once it ran out. */
export function readFlow(ctx: Context, way: Way, token: string | undefined): Flow | undefined {
	const flow = token ? ctx.keys.readToken<Flow>(`${way}-flow`, token.slice(0, 1_000)) : undefined;
	return flow && flow.until > instant(ctx.clock.now()) ? flow : undefined;
}

export interface Asked {
	identifier: string;
	/** Of the network: who asks. */
	address: string;
}

/** Somebody who is there and can be sent a code. */
export type Found = NonNullable<Awaited<ReturnType<typeof lookUp>>>;

/** Of the shape of an id, and the same whenever the same name is asked for: so tries are counted as for an account. */
const nobody = (ctx: Context, identifier: string): string =>
	ctx.keys
		.blindIndex('nobody', identifier.normalize('NFKC').trim().toLowerCase())
		.toString('hex')
		.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');

async function flowFor(
	ctx: Context,
	identifier: string,
	send: (ctx: Context, found: Found, codeId: string) => Promise<void>
): Promise<{ personId: string; codeId: string }> {
	const codeId = ctx.ids.next();
	const found = await lookUp(ctx, identifier);
	if (!found || found.state === 'erasing' || !(await ctx.keys.find(found.personId)))
		return { personId: nobody(ctx, identifier), codeId };
	await send({ ...ctx, actor: `person:${found.personId}` }, found, codeId);
	return { personId: found.personId, codeId };
}

/**
 * Answers a flow for the browser, the same whether or not there is an account; only if there is one, `send` is called, with the
 * id that its code is to have. Refuses `too-many-tries` (5 in a quarter of an hour for a name, 20 an hour from an address).
 */
export async function begin(
	ctx: Context,
	way: Way,
	{ identifier, address }: Asked,
	send: (ctx: Context, found: Found, codeId: string) => Promise<void>
): Promise<{ flow: string } | Throttled> {
	const typed = ctx.keys.blindIndex('throttle', identifier.normalize('NFKC').trim().toLowerCase());
	const wait =
		(await take(ctx, perIdentifier, typed)) ??
		(await take(ctx, perAddress, ctx.keys.blindIndex('throttle', address)));
	if (wait) return { refused: 'too-many-tries', ...wait };
	const [flow] = await Promise.all([flowFor(ctx, identifier, send), pause(leastMilliseconds)]);
	return { flow: makeFlow(ctx, way, { ...flow, proved: false }) };
}

/** Counts a code that is typed, before whose it is is looked at. */
export async function takeAddressTry(ctx: Context, address: string): Promise<Throttled | undefined> {
	const wait = await take(ctx, perAddressTries, ctx.keys.blindIndex('throttle', address));
	return wait && { refused: 'too-many-tries', ...wait };
}

/** Tries a code of a flow that was not proved yet. Refuses `code-wrong`, and `too-many-tries` (50 a day for one name). */
export async function tryCode(
	ctx: Context,
	purpose: Way,
	{ personId, codeId }: Pick<Flow, 'personId' | 'codeId'>,
	typed: string
): Promise<codes.OpenCode | { refused: 'code-wrong' } | Throttled> {
	const locked = await take(ctx, perPersonTries, ctx.keys.blindIndex('throttle', personId));
	if (locked) return { refused: 'too-many-tries', ...locked };
	const used = codes.use(ctx, personId, { id: codeId, purpose, typed });
	const [outcome] = await Promise.all([used, pause(leastMillisecondsOfTry)]);
	return outcome;
}

// Promise: whoever reads the account's mail or phone signs in by a code or a link, once; looking at the link does nothing.
import * as audit from '../audit/audit.ts';
import type { Context } from '../context.ts';
import * as delivery from '../delivery/delivery.ts';
import { transaction } from '../platform/database/transaction.ts';
import { longId, shortId } from '../platform/ids.ts';
import * as codeFlow from './code-flow.ts';
import * as codes from './codes/codes.ts';
import { find } from './people.ts';
import { admit, type Visit } from './sign-in.ts';

const linkPurpose = 'sign-in-link';

/** Person, code's id, code: in that order and as short as they go, for it is sent by text message too. */
type Link = [personId: string, codeId: string, code: string];

interface Wish extends codeFlow.Asked {
	/** Where to go in the end; a path of this portal. */
	next: string;
	/** The language that was asked for here; null for that of the account. */
	language: string | null;
}

/** Longer addresses fit into no text message. */
const longestNext = 200;

function pathOf(ctx: Context, link: Link, next: string): string {
	const [personId, codeId, code] = link;
	const token = ctx.keys.makeToken(linkPurpose, [shortId(personId), shortId(codeId), code]);
	const onward = next === '/' || next.length > longestNext ? '' : `?${new URLSearchParams({ next })}`;
	return `/sign-in/link/${token}${onward}`;
}

async function send(ctx: Context, { personId, kind }: codeFlow.Found, id: string, wish: Wish): Promise<void> {
	const { code } = await codes.make(ctx, personId, 'sign-in', { id });
	const path = pathOf(ctx, [personId, id, code], wish.next);
	const letter = {
		template: 'sign-in-code' as const,
		path,
		...(wish.language && { language: wish.language }),
		values: { code, count: codes.codeMinutes, link: new URL(path, ctx.settings.origin).href }
	};
	// By the way that was typed, where it is one; else by whichever there is.
	const channel = kind === 'phone' ? ('sms' as const) : ('email' as const);
	const sent = await delivery.send(ctx, personId, { ...letter, channel });
	if ('refused' in sent) await delivery.send(ctx, personId, letter);
	await audit.record(ctx, personId, 'sign-in-asked');
}

/**
 * Asks for a code and a link. Answers a flow for the browser, the same whether or not there is an account, and as late; only if
 * there is one that is open to its person, the letter goes out. Refuses `too-many-tries`.
 */
export const begin = (ctx: Context, wish: Wish): Promise<{ flow: string } | codeFlow.Throttled> =>
	codeFlow.begin(ctx, 'sign-in', wish, async (ctx, found, id) => {
		if (found.state !== 'locked') await transaction(ctx, (ctx) => send(ctx, found, id, wish));
	});

/** Whether this browser has asked, and can still type its code. */
export const isWaiting = (ctx: Context, flow: string | undefined): boolean =>
	codeFlow.readFlow(ctx, 'sign-in', flow) !== undefined;

export type Entered =
	{ secretId: string; personId: string } | { refused: 'code-wrong' | 'account-locked' } | codeFlow.Throttled;

async function enter(
	ctx: Context,
	flow: Pick<codeFlow.Flow, 'personId' | 'codeId'>,
	typed: string,
	visit: Visit
): Promise<Entered> {
	const outcome = await codeFlow.tryCode(ctx, 'sign-in', flow, typed);
	if ('refused' in outcome) return outcome;
	const { personId } = flow;
	const person = await find(ctx, personId);
	if (!person || person.state === 'erasing') return { refused: 'code-wrong' };
	// Only whoever reads the account's messages learns it.
	if (person.state === 'locked') return { refused: 'account-locked' };
	const acting: Context = { ...ctx, actor: `person:${personId}` };
	const secretId = await transaction(acting, (ctx) => admit(ctx, personId, visit, 'session-started-by-code'));
	return { secretId, personId };
}

/**
 * Signs in by the code, in the browser that asked. Refuses `code-wrong` (also for a flow that ran out), `account-locked` while a
 * report about a child is looked into, and `too-many-tries`.
 */
export async function byCode(
	ctx: Context,
	flow: string | undefined,
	typed: string,
	visit: Visit
): Promise<Entered> {
	const wait = await codeFlow.takeAddressTry(ctx, visit.device.address);
	if (wait) return wait;
	const read = codeFlow.readFlow(ctx, 'sign-in', flow);
	return read ? enter(ctx, read, typed, visit) : { refused: 'code-wrong' };
}

function readLink(ctx: Context, token: string): Link | undefined {
	const link = ctx.keys.readToken<Link>(linkPurpose, token.slice(0, 1_000));
	return link && [longId(link[0]), longId(link[1]), link[2]];
}

/**
 * What a link can do in this browser: `here` one click signs in, because this browser asked for it; `elsewhere` the code of the
 * same letter has to be typed, so that nobody is brought into an account by a link that somebody else asked for; `ended`
 * nothing. Looking changes nothing.
 */
export async function standingOf(
	ctx: Context,
	token: string,
	flow: string | undefined
): Promise<'here' | 'elsewhere' | 'ended'> {
	const [personId, codeId] = readLink(ctx, token) ?? [];
	if (!personId || !(await ctx.keys.find(personId))) return 'ended';
	if ((await codes.current(ctx, personId, 'sign-in'))?.id !== codeId) return 'ended';
	return codeFlow.readFlow(ctx, 'sign-in', flow)?.codeId === codeId ? 'here' : 'elsewhere';
}

/** Signs in by the link: by a click where this browser asked for it, else by the code that is typed. Refuses as `byCode` does. */
export async function byLink(
	ctx: Context,
	token: string,
	{ flow, typed }: { flow: string | undefined; typed: string },
	visit: Visit
): Promise<Entered> {
	const wait = await codeFlow.takeAddressTry(ctx, visit.device.address);
	if (wait) return wait;
	const [personId, codeId, code] = readLink(ctx, token) ?? [];
	if (!personId || !codeId || !code) return { refused: 'code-wrong' };
	const isHere = codeFlow.readFlow(ctx, 'sign-in', flow)?.codeId === codeId;
	return enter(ctx, { personId, codeId }, isHere ? code : typed, visit);
}

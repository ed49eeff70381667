// Promise: whoever can read the account's mail gets in by a code; nobody else learns from it whether there is an account.
import { setTimeout as pause } from 'node:timers/promises';
import type { Context } from '../context.ts';
import * as audit from '../audit/audit.ts';
import * as delivery from '../delivery/delivery.ts';
import { after, instant } from '../platform/clock.ts';
import { transaction } from '../platform/database/transaction.ts';
import { take, type Limit } from '../platform/throttle/throttle.ts';
import * as codes from './codes/codes.ts';
import type { PasswordProblem } from './password-rules.ts';
import { checkPassword, setPassword } from './password-change.ts';
import { forgetFailures } from './guesses.ts';
import { lookUp } from './sign-in.ts';
import { start, type Device } from './sessions.ts';

const perIdentifier: Limit = { name: 'recovery', points: 5, seconds: 900 };
const perAddress: Limit = { name: 'recovery-address', points: 20, seconds: 3_600 };
/** However often a code is asked for and whoever asks: 50 of a million codes a day (NIST SP 800-63B-4). A stranger's flow names nobody, and counts alike. */
const perPersonTries: Limit = { name: 'recovery-person', points: 50, seconds: 86_400 };
const perAddressTries: Limit = { name: 'recovery-tries', points: 60, seconds: 3_600 };

/** Longer than making and sealing a code takes: with and without an account the answer comes at the same time. */
const leastMilliseconds = 300;
const purpose = 'recovery-flow';

/** What the browser carries from step to step, sealed: of the same size whether or not there is an account. */
interface Flow {
	personId: string;
	codeId: string;
	until: string;
	proved: boolean;
}

const makeFlow = (ctx: Context, flow: Omit<Flow, 'until'>): string =>
	ctx.keys.makeToken(purpose, {
		...flow,
		until: instant(after(ctx.clock.now(), codes.codeMinutes, 'minutes'))
	});

function readFlow(ctx: Context, token: string): Flow | undefined {
	const flow = ctx.keys.readToken<Flow>(purpose, token.slice(0, 1_000));
	return flow && flow.until > instant(ctx.clock.now()) ? flow : undefined;
}

/** How far the flow has come; undefined when there is none, or it ran out. */
export function stepOf(ctx: Context, token: string | undefined): 'code' | 'password' | undefined {
	const flow = token ? readFlow(ctx, token) : undefined;
	return flow && (flow.proved ? 'password' : 'code');
}

type Throttled = { refused: 'too-many-tries'; waitSeconds: number };

/**
 * Asks for a code. Answers a flow for the browser, the same whether or not there is an account; only if there is one, a
 * code goes to its verified email, else to its verified phone. Refuses `too-many-tries`.
 */
export async function begin(
	ctx: Context,
	asked: { identifier: string; address: string }
): Promise<{ flow: string } | Throttled> {
	const typed = ctx.keys.blindIndex('throttle', asked.identifier.normalize('NFKC').trim().toLowerCase());
	const wait =
		(await take(ctx, perIdentifier, typed)) ??
		(await take(ctx, perAddress, ctx.keys.blindIndex('throttle', asked.address)));
	if (wait) return { refused: 'too-many-tries', ...wait };
	const [flow] = await Promise.all([sendTo(ctx, asked.identifier), pause(leastMilliseconds)]);
	return { flow: makeFlow(ctx, { ...flow, proved: false }) };
}

/** Of the shape of an id, and the same whenever the same name is asked for: so tries are counted as for an account. */
const nobody = (ctx: Context, identifier: string): string =>
	ctx.keys
		.blindIndex('nobody', identifier.normalize('NFKC').trim().toLowerCase())
		.toString('hex')
		.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');

async function sendTo(ctx: Context, identifier: string): Promise<{ personId: string; codeId: string }> {
	const codeId = ctx.ids.next();
	const found = await lookUp(ctx, identifier);
	if (!found || found.state === 'erasing' || !(await ctx.keys.find(found.personId)))
		return { personId: nobody(ctx, identifier), codeId };
	const { personId } = found;
	const acting: Context = { ...ctx, actor: `person:${personId}` };
	await transaction(acting, async (ctx) => {
		const { code } = await codes.make(ctx, personId, 'recovery', { id: codeId });
		await delivery.send(ctx, personId, {
			template: 'recovery-code',
			values: { code, count: codes.codeMinutes }
		});
		await audit.record(ctx, personId, 'recovery-asked');
	});
	return { personId, codeId };
}

/** Checks the code. Answers the flow's next step. Refuses `code-wrong` (also for a flow that ran out), `too-many-tries`. */
export async function check(
	ctx: Context,
	token: string | undefined,
	typed: string,
	address: string
): Promise<{ flow: string } | { refused: 'code-wrong' } | Throttled> {
	const wait = await take(ctx, perAddressTries, ctx.keys.blindIndex('throttle', address));
	if (wait) return { refused: 'too-many-tries', ...wait };
	const flow = token ? readFlow(ctx, token) : undefined;
	if (!flow || flow.proved) return { refused: 'code-wrong' };
	const locked = await take(ctx, perPersonTries, ctx.keys.blindIndex('throttle', flow.personId));
	if (locked) return { refused: 'too-many-tries', ...locked };
	const outcome = await codes.use(ctx, flow.personId, { id: flow.codeId, purpose: 'recovery', typed });
	return 'refused' in outcome ? outcome : { flow: makeFlow(ctx, { ...flow, proved: true }) };
}

/**
 * Sets the new password, ends every session the person had, tells them by mail, and signs them in. Refuses
 * `recovery-ended` when the flow ran out or was used, and what is wrong with the password.
 */
export async function finish(
	ctx: Context,
	token: string | undefined,
	wish: { password: string; device: Device; language: string | null }
): Promise<
	{ secretId: string; personId: string } | { refused: 'recovery-ended' } | { problem: PasswordProblem }
> {
	const flow = token ? readFlow(ctx, token) : undefined;
	if (!flow?.proved || !(await ctx.keys.find(flow.personId))) return { refused: 'recovery-ended' };
	const { personId, codeId } = flow;
	const checked = await checkPassword(ctx, personId, wish.password);
	if ('problem' in checked) return checked;
	const acting: Context = { ...ctx, actor: `person:${personId}` };
	return transaction(acting, async (ctx) => {
		if (!(await codes.spend(ctx, personId, codeId))) return { refused: 'recovery-ended' as const };
		await setPassword(ctx, personId, checked);
		await forgetFailures(ctx, { account: personId, address: wish.device.address });
		const secretId = await start(ctx, personId, wish.device, wish.language);
		await audit.record(ctx, personId, 'session-started');
		return { secretId, personId };
	});
}

// Promise: whoever can read the account's mail gets in by a code; nobody else learns from it whether there is an account.
import type { Context } from '../context.ts';
import * as audit from '../audit/audit.ts';
import * as delivery from '../delivery/delivery.ts';
import { transaction } from '../platform/database/transaction.ts';
import * as codeFlow from './code-flow.ts';
import * as codes from './codes/codes.ts';
import type { PasswordProblem } from './password-rules.ts';
import { checkPassword, setPassword } from './password-change.ts';
import { forgetFailures } from './guesses.ts';
import { start, type Device } from './sessions.ts';

/** How far the flow has come; undefined when there is none, or it ran out. */
export function stepOf(ctx: Context, token: string | undefined): 'code' | 'password' | undefined {
	const flow = codeFlow.readFlow(ctx, 'recovery', token);
	return flow && (flow.proved ? 'password' : 'code');
}

/**
 * Asks for a code. Answers a flow for the browser, the same whether or not there is an account; only if there is one, a
 * code goes to its verified email, else to its verified phone. Refuses `too-many-tries`.
 */
export const begin = (ctx: Context, asked: codeFlow.Asked): Promise<{ flow: string } | codeFlow.Throttled> =>
	codeFlow.begin(ctx, 'recovery', asked, (ctx, { personId }, id) =>
		transaction(ctx, async (ctx) => {
			const { code } = await codes.make(ctx, personId, 'recovery', { id });
			await delivery.send(ctx, personId, {
				template: 'recovery-code',
				values: { code, count: codes.codeMinutes }
			});
			await audit.record(ctx, personId, 'recovery-asked');
		})
	);

/** Checks the code. Answers the flow's next step. Refuses `code-wrong` (also for a flow that ran out), `too-many-tries`. */
export async function check(
	ctx: Context,
	token: string | undefined,
	typed: string,
	address: string
): Promise<{ flow: string } | { refused: 'code-wrong' } | codeFlow.Throttled> {
	const wait = await codeFlow.takeAddressTry(ctx, address);
	if (wait) return wait;
	const flow = codeFlow.readFlow(ctx, 'recovery', token);
	if (!flow || flow.proved) return { refused: 'code-wrong' };
	const outcome = await codeFlow.tryCode(ctx, 'recovery', flow, typed);
	return 'refused' in outcome
		? outcome
		: { flow: codeFlow.makeFlow(ctx, 'recovery', { ...flow, proved: true }) };
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
	const flow = codeFlow.readFlow(ctx, 'recovery', token);
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

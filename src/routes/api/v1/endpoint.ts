// What every write of the API goes through: token and scope, content type, limits, the key of idempotency, and one border
// at which a broken machine becomes an answer.
import type { RequestEvent } from '@sveltejs/kit';
import { PersonLocked } from '$lib/server/audit/audit';
import type { Context } from '$lib/server/context';
import * as tokens from '$lib/server/tokens/tokens';
import { hasType, parseJson, readText } from './body';
import { answerJson, problem, statusOf, type ProblemMembers } from './problem';

export interface Caller {
	ctx: Context;
	token: tokens.Token;
	body: unknown;
	event: RequestEvent;
	/** Names this request: its Idempotency-Key, or something that comes once. */
	run: string;
}

/** A refusal, or a status and a body of ids and codes. `kept` is what a repetition is answered, where that is less. */
export type Answer =
	({ refused: string } & ProblemMembers) | { status: number; body: unknown; kept?: unknown };

export type Handler = (caller: Caller) => Promise<Answer>;

/** The context in which a token acts; or the problem that is in its way. */
export async function enter(
	event: RequestEvent,
	scope: tokens.Scope
): Promise<{ ctx: Context; token: tokens.Token } | { response: Response }> {
	const { ctx, address } = event.locals;
	const header = event.request.headers.get('authorization');
	const token = await tokens.authenticate(ctx, { header, address }, scope);
	if ('refused' in token) return { response: problem(token.refused) };
	return { token, ctx: { ...ctx, actor: `system:${token.id}` } };
}

/** Anything unexpected: logged by id and code, told without detail. Somebody whose erasure has just begun is a refusal. */
export function broken(ctx: Context, err: unknown): Response {
	if (err instanceof PersonLocked) return problem('person-leaving');
	ctx.log.error({ err, correlationId: ctx.correlationId }, 'an API request failed');
	return problem('broken', {}, {}, 500);
}

const respond = (answer: Answer): { status: number; body: string | undefined; response: () => Response } => {
	if ('refused' in answer) {
		const { refused, field, fields } = answer;
		return {
			status: statusOf(refused),
			body: undefined,
			response: () => problem(refused, { field, fields })
		};
	}
	return {
		status: answer.status,
		body: JSON.stringify(answer.kept ?? answer.body),
		response: () => answerJson(answer.status, answer.body)
	};
};

/** The handler's answer, kept under the key. A refusal frees the key: nothing was done. */
async function once(caller: Caller, key: string, text: string, handle: Handler): Promise<Response> {
	const { ctx, token, event } = caller;
	const begun = await tokens.begin(
		ctx,
		token.id,
		key,
		`${event.request.method} ${event.url.pathname}${event.url.search}\n${text}`
	);
	if ('refused' in begun) return problem(begun.refused);
	if ('status' in begun)
		return new Response(begun.answer, {
			status: begun.status,
			headers: {
				'Content-Type': 'application/json',
				'Cache-Control': 'no-store',
				'Idempotent-Replayed': 'true'
			}
		});
	try {
		const { status, body, response } = respond(await handle(caller));
		if (body === undefined) await tokens.abandon(ctx, token.id, key);
		else await tokens.finish(ctx, token.id, key, { status, answer: body });
		return response();
	} catch (error) {
		await tokens.abandon(ctx, token.id, key);
		throw error;
	}
}

/** A question: nothing is changed, and nothing kept of the answer. */
export function read(
	{ scope }: { scope: tokens.Scope },
	handle: (caller: Pick<Caller, 'ctx' | 'token' | 'event'>) => Promise<Answer>
) {
	return async (event: RequestEvent): Promise<Response> => {
		try {
			const entered = await enter(event, scope);
			if ('response' in entered) return entered.response;
			return respond(await handle({ ...entered, event })).response();
		} catch (error) {
			return broken(event.locals.ctx, error);
		}
	};
}

/** A write of one thing, in JSON. */
export function write(
	{ scope, optionalBody = false }: { scope: tokens.Scope; optionalBody?: boolean },
	handle: Handler
) {
	return async (event: RequestEvent): Promise<Response> => {
		const { ctx: visitor } = event.locals;
		try {
			const entered = await enter(event, scope);
			if ('response' in entered) return entered.response;
			const read = await readText(event.request);
			if ('refused' in read) return problem(read.refused);
			const isEmpty = optionalBody && read.value.trim() === '';
			if (!isEmpty && !hasType(event.request, 'application/json'))
				return problem('content-type-wrong', {}, { Accept: 'application/json' });
			const parsed = parseJson(read.value, optionalBody);
			if ('refused' in parsed) return problem(parsed.refused);

			const key = event.request.headers.get('idempotency-key');
			const caller = { ...entered, body: parsed.value, event, run: key ?? entered.ctx.ids.next() };
			return key === null
				? respond(await handle(caller)).response()
				: await once(caller, key, read.value, handle);
		} catch (error) {
			return broken(visitor, error);
		}
	};
}

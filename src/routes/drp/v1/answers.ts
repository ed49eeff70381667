// How the Data Rights Protocol answers: its own errors, and nothing at all where a signature opens nothing.
import type { RequestEvent } from '@sveltejs/kit';
import type { Context } from '$lib/server/context';
import * as drp from '$lib/server/drp/drp';
import { hasType, readText } from '../../api/v1/body';

export const answer = (body: object, status = 200): Response =>
	new Response(JSON.stringify(body), {
		status,
		headers: { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' }
	});

/** 403 without a word. */
export const forbidden = (): Response =>
	new Response(null, { status: 403, headers: { 'Cache-Control': 'no-store' } });

/** `fatal`: it is no use to send the same again. */
export const wrong = (status: number, message: string, fatal = true): Response =>
	answer({ code: String(status), message, fatal }, status);

/** Another one of the agent's is as little told as one that is not there; a wrong signature proves nobody. */
export const refused = (code: string): Response =>
	code === 'not-yours' || code === 'signature-wrong' || code === 'agent-wrong'
		? forbidden()
		: wrong(400, code);

/** A signed body, as text; or the answer to what is none. */
export async function bodyOf({ request }: RequestEvent): Promise<string | Response> {
	if (!hasType(request, 'text/plain')) return wrong(415, 'content-type-wrong');
	const read = await readText(request);
	if ('value' in read) return read.value;
	return wrong(read.refused === 'too-large' ? 413 : 400, read.refused);
}

type Handler<Event> = (event: Event, ctx: Context) => Promise<Response>;

/** There is nothing here where no directory of agents is set; what breaks is logged and told without detail. */
export const open =
	<Event extends RequestEvent>(handle: Handler<Event>) =>
	async (event: Event): Promise<Response> => {
		const { ctx } = event.locals;
		if (!drp.isOpen(ctx)) return wrong(404, 'not-found');
		try {
			return await handle(event, ctx);
		} catch (err) {
			ctx.log.error({ err, correlationId: ctx.correlationId }, 'a request of an agent failed');
			return wrong(500, 'broken', false);
		}
	};

/** The same with the agent of the bearer token. */
export const asAgent = <Event extends RequestEvent>(
	handle: (event: Event, ctx: Context, agent: drp.Agent) => Promise<Response>
) =>
	open<Event>(async (event, ctx) => {
		const agent = await drp.authenticate(ctx, event.request.headers.get('authorization'));
		return agent ? handle(event, ctx, agent) : forbidden();
	});

export const notAllowed =
	(...methods: readonly string[]) =>
	(): Response =>
		new Response(JSON.stringify({ code: '405', message: 'method-not-allowed', fatal: true }), {
			status: 405,
			headers: { 'Content-Type': 'application/json', Allow: methods.join(', ') }
		});

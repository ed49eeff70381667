// Batches: NDJSON in, NDJSON out, an answer a line, streamed both ways; memory does not grow with the body, unless the
// request has an Idempotency-Key: then it is read whole first, to know whether it is the same one again.
import type { RequestEvent } from '@sveltejs/kit';
import { createHash } from 'node:crypto';
import type { Context } from '$lib/server/context';
import { reasonsOf } from '$lib/server/disclosures/disclosures';
import { ndjsonLines, type Bytes, type Line, type Outcome } from '$lib/server/intake/intake';
import * as tokens from '$lib/server/tokens/tokens';
import { hasType, readingProblem } from './body';
import { broken, enter } from './endpoint';
import { problem } from './problem';

type Intake = (ctx: Context, lines: AsyncIterable<Line>, run: { run: string }) => AsyncIterable<Outcome>;

const headers = { 'Content-Type': 'application/x-ndjson', 'Cache-Control': 'no-store' };

/** What a machine is told of a line: codes and ids of ours; whom it named, it knows. */
function told(outcome: Outcome): string {
	if ('refused' in outcome)
		return JSON.stringify(outcome.fields ? { ...outcome, detail: reasonsOf(outcome.fields) } : outcome);
	const { line, done, row, partly } = outcome;
	return JSON.stringify({
		line,
		done,
		...(row && {
			id: row.id,
			recorded: row.recorded,
			consentVersion: row.consentVersion,
			released: row.released
		}),
		...(partly && { refused: partly })
	});
}

/** What is done with the answer of a request that has a key. */
interface Keeping {
	finish(answer: string): Promise<void>;
	abandon(): Promise<void>;
}

/**
 * The outcomes as text; what breaks on the way ends the answer with a line that says so. An answer that broke off, or that
 * nobody read to its end, is not kept: the same lines may come again without harm.
 */
async function* texts(
	ctx: Context,
	outcomes: AsyncGenerator<Outcome>,
	keeping: Keeping | undefined
): AsyncGenerator<string> {
	const answer: string[] = [];
	let isWhole = false;
	try {
		for await (const outcome of outcomes) {
			const text = `${told(outcome)}\n`;
			if (keeping) answer.push(text);
			yield text;
		}
		isWhole = true;
	} catch (error) {
		const code = readingProblem(error);
		if (code === 'unreadable')
			ctx.log.error({ err: error, correlationId: ctx.correlationId }, 'a batch broke off');
		yield `${JSON.stringify({ line: null, refused: code === 'too-large' ? code : 'broke-off' })}\n`;
	} finally {
		await (isWhole ? keeping?.finish(answer.join('')) : keeping?.abandon());
	}
}

/** Waits for the first outcome, so that a body that cannot be read at all is refused as a whole. */
async function begunWith(outcomes: AsyncIterable<Outcome>): Promise<AsyncGenerator<Outcome>> {
	const iterator = outcomes[Symbol.asyncIterator]();
	const first = await iterator.next();
	async function* all() {
		try {
			for (let next = first; !next.done; next = await iterator.next()) yield next.value;
		} finally {
			await iterator.return?.();
		}
	}
	return all();
}

function streamed(lines: AsyncGenerator<string>): Response {
	const encoder = new TextEncoder();
	const stream = new ReadableStream<Uint8Array>({
		pull: async (controller) => {
			const { value, done } = await lines.next();
			if (done) controller.close();
			else controller.enqueue(encoder.encode(value));
		},
		cancel: async () => void (await lines.return(undefined))
	});
	return new Response(stream, { headers });
}

interface Batch {
	ctx: Context;
	run: string;
	body: Bytes;
	keeping?: Keeping;
}

/** Reads the whole body and claims the key for it; answers the response where one was given before, or is refused. */
async function claimed(
	{ request, url }: RequestEvent,
	{ ctx, token }: { ctx: Context; token: tokens.Token },
	key: string
): Promise<Pick<Batch, 'body' | 'keeping'> | { response: Response }> {
	const chunks: Uint8Array[] = [];
	const hash = createHash('sha256');
	for await (const chunk of (request.body ?? []) as Bytes) {
		hash.update(chunk);
		chunks.push(chunk);
	}
	const named = `${request.method} ${url.pathname}${url.search}\n${hash.digest('hex')}`;
	const begun = await tokens.begin(ctx, token.id, key, named);
	if ('refused' in begun) return { response: problem(begun.refused) };
	if ('status' in begun)
		return {
			response: new Response(begun.answer, { headers: { ...headers, 'Idempotent-Replayed': 'true' } })
		};
	async function* body() {
		yield* chunks;
	}
	const keeping: Keeping = {
		finish: (answer) => tokens.finish(ctx, token.id, key, { status: 200, answer }),
		abandon: () => tokens.abandon(ctx, token.id, key)
	};
	return { body: body(), keeping };
}

async function answered({ ctx, run, body, keeping }: Batch, intake: Intake): Promise<Response> {
	try {
		return streamed(texts(ctx, await begunWith(intake(ctx, ndjsonLines(body), { run })), keeping));
	} catch (error) {
		await keeping?.abandon();
		throw error;
	}
}

/** A batch endpoint. The key marks disclosures without an instant as the same ones, too. */
export function batch(scope: tokens.Scope, intake: Intake) {
	return async (event: RequestEvent): Promise<Response> => {
		try {
			const entered = await enter(event, scope);
			if ('response' in entered) return entered.response;
			if (!hasType(event.request, 'application/x-ndjson', 'application/ndjson', 'application/jsonl'))
				return problem('content-type-wrong', {}, { Accept: 'application/x-ndjson' });
			const { ctx, token } = entered;
			const key = event.request.headers.get('idempotency-key');
			const begun =
				key === null ? { body: (event.request.body ?? []) as Bytes } : await claimed(event, entered, key);
			if ('response' in begun) return begun.response;
			const run = `${token.id} ${(key ?? ctx.ids.next()).slice(0, 128)}`;
			return await answered({ ctx, run, ...begun }, intake);
		} catch (error) {
			if (readingProblem(error) === 'too-large') return problem('too-large');
			return broken(event.locals.ctx, error);
		}
	};
}

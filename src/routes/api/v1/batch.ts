// Batches: NDJSON in, NDJSON out, an answer a line, streamed both ways; memory does not grow with the body.
import type { RequestEvent } from '@sveltejs/kit';
import type { Context } from '$lib/server/context';
import { ndjsonLines, type Bytes, type Line, type Outcome } from '$lib/server/intake/intake';
import type { Scope } from '$lib/server/tokens/tokens';
import { hasType, readingProblem } from './body';
import { broken, enter } from './endpoint';
import { problem } from './problem';

type Intake = (ctx: Context, lines: AsyncIterable<Line>, run: { run: string }) => AsyncIterable<Outcome>;

/** What a machine is told of a line: codes and ids of ours; whom it named, it knows. */
function told(outcome: Outcome): string {
	if ('refused' in outcome) return JSON.stringify(outcome);
	const { line, done, row, partly } = outcome;
	return JSON.stringify({
		line,
		done,
		...(row && { id: row.id, recorded: row.recorded, released: row.released }),
		...(partly && { refused: partly })
	});
}

/** The rest of the outcomes as text; what breaks on the way ends the answer with a line that says so. */
async function* texts(
	ctx: Context,
	first: IteratorResult<Outcome>,
	outcomes: AsyncIterator<Outcome>
): AsyncGenerator<string> {
	try {
		for (let next = first; !next.done; next = await outcomes.next()) yield `${told(next.value)}\n`;
	} catch (error) {
		const code = readingProblem(error);
		if (code === 'unreadable')
			ctx.log.error({ err: error, correlationId: ctx.correlationId }, 'a batch broke off');
		yield `${JSON.stringify({ line: null, refused: code === 'too-large' ? code : 'broke-off' })}\n`;
	}
}

/**
 * A batch endpoint. Every line may be sent again without harm, so nothing is kept for an Idempotency-Key; it only marks
 * disclosures without an instant as the same ones.
 */
export function batch(scope: Scope, intake: Intake) {
	return async (event: RequestEvent): Promise<Response> => {
		try {
			const entered = await enter(event, scope);
			if ('response' in entered) return entered.response;
			const { ctx } = entered;
			if (!hasType(event.request, 'application/x-ndjson', 'application/ndjson', 'application/jsonl'))
				return problem('content-type-wrong', {}, { Accept: 'application/x-ndjson' });
			const run = event.request.headers.get('idempotency-key') ?? ctx.ids.next();
			const outcomes = intake(ctx, ndjsonLines((event.request.body ?? []) as Bytes), {
				run: `${entered.token.id} ${run.slice(0, 128)}`
			})[Symbol.asyncIterator]();
			// The first line is waited for, so that a body that cannot be read at all is refused as a whole.
			let first: IteratorResult<Outcome>;
			try {
				first = await outcomes.next();
			} catch (error) {
				if (readingProblem(error) === 'too-large') return problem('too-large');
				throw error;
			}
			const encoder = new TextEncoder();
			const lines = texts(ctx, first, outcomes);
			const stream = new ReadableStream<Uint8Array>({
				pull: async (controller) => {
					const { value, done } = await lines.next();
					if (done) controller.close();
					else controller.enqueue(encoder.encode(value));
				},
				cancel: async () => void (await lines.return(undefined))
			});
			return new Response(stream, {
				headers: { 'Content-Type': 'application/x-ndjson', 'Cache-Control': 'no-store' }
			});
		} catch (error) {
			return broken(event.locals.ctx, error);
		}
	};
}

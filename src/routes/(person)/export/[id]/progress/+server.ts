import { error } from '@sveltejs/kit';
import { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import * as exports from '$lib/server/exports/exports';
import { progressWords } from '../../progress-words';

const everyMilliseconds = 1_000;
/** A browser asks again by itself; a connection that nobody closed must not stay for ever. */
const longestMilliseconds = 120_000;

/**
 * How far an export is, live, to its person alone: an event a change, `done` when it is neither being made nor locked any more.
 * A process that stops ends it without: the browser asks the next one.
 */
export const GET = async ({ locals, params, request }) => {
	const { ctx, person } = locals;
	const gone = AbortSignal.any([request.signal, locals.closing]);
	if (!(await exports.progressOf(ctx, person.id, params.id))) error(404, 'not-found');

	async function* events(): AsyncGenerator<string> {
		const begun = performance.now();
		let told = '';
		while (!gone.aborted && performance.now() - begun < longestMilliseconds) {
			const made = await exports.progressOf(ctx, person.id, params.id);
			if (made?.state !== 'building' && !made?.locking) {
				yield 'event: done\ndata:\n\n';
				return;
			}
			const text = made.progress ? JSON.stringify(progressWords(locals, made.progress)) : told;
			if (text !== told) yield `data: ${text}\n\n`;
			told = text;
			await pause(everyMilliseconds, undefined, { signal: gone }).catch(() => undefined);
		}
	}

	const stream = Readable.toWeb(Readable.from(events(), { objectMode: false })) as ReadableStream;
	return new Response(stream, {
		headers: {
			'Content-Type': 'text/event-stream; charset=utf-8',
			'Cache-Control': 'no-store',
			'X-Accel-Buffering': 'no'
		}
	});
};

import type { RequestEvent } from '@sveltejs/kit';
import * as preferences from '$lib/server/preferences/preferences';
import { hasType, readBytes } from '../body';
import { broken, enter } from '../endpoint';
import { notAllowed, problem } from '../problem';
import { readQuestions, written } from './lines';

/** A question a line, an answer a line in the same order; a line that cannot be read is answered too and holds up no other. */
export async function POST(event: RequestEvent): Promise<Response> {
	try {
		const entered = await enter(event, 'contact:read');
		if ('response' in entered) return entered.response;
		if (!hasType(event.request, 'application/x-ndjson', 'application/ndjson', 'application/jsonl'))
			return problem('content-type-wrong', {}, { Accept: 'application/x-ndjson' });
		const read = await readBytes(event.request, 5_000_000);
		if ('refused' in read) return problem(read.refused);
		const lines = readQuestions(read.value);
		if (lines.length > preferences.mostQuestions) return problem('too-many-lines');
		const questions = lines.flatMap((line) => ('question' in line ? [line.question] : []));
		const body = written(lines, await preferences.ask(entered.ctx, questions));
		return new Response(body, {
			headers: { 'Content-Type': 'application/x-ndjson', 'Cache-Control': 'no-store' }
		});
	} catch (error) {
		return broken(event.locals.ctx, error);
	}
}

export const fallback = notAllowed('POST');

import { error, redirect } from '@sveltejs/kit';
import { Readable } from 'node:stream';
import * as exports from '$lib/server/exports/exports';
import { requireProof } from '../../../step-up';
import { rangeOf } from './range';

/** The finished file, whole or a range of it: for its person, in a session that proved itself within a day. */
export const GET = async (event) => {
	const { locals, params, request } = event;
	const { ctx, person } = locals;
	const made = await exports.find(ctx, person.id, params.id);
	if (!made) error(404, 'not-found');
	if (made.state !== 'ready' || made.bytes === null) redirect(303, '/export?done=not-there');
	const prover = { personId: person.id, sessionId: locals.session.id };
	if (!(await exports.opens(ctx, prover, made.id))) {
		await requireProof(event);
		await exports.letOpen(ctx, prover, made.id);
	}
	const etag = `"${made.sha256}"`;
	const range = rangeOf(request.headers, etag, made.bytes);
	if (range === 'unsatisfiable')
		return new Response(null, { status: 416, headers: { 'Content-Range': `bytes */${made.bytes}` } });
	const { start, end } = range ?? { start: 0, end: made.bytes };
	// HEAD asks for the headers alone: a stream that nobody reads would keep the file open.
	const body =
		request.method === 'HEAD'
			? null
			: Readable.toWeb(
					Readable.from(await exports.content(ctx, person.id, made.id, start, end), { objectMode: false })
				);
	return new Response(body as ReadableStream | null, {
		status: range ? 206 : 200,
		headers: {
			'Content-Type': 'application/zip',
			'Content-Disposition': `attachment; filename="${exports.fileName(ctx, made)}"`,
			'Content-Length': String(end - start),
			'Accept-Ranges': 'bytes',
			ETag: etag,
			...(range ? { 'Content-Range': `bytes ${start}-${end - 1}/${made.bytes}` } : {})
		}
	});
};

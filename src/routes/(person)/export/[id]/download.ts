// A finished volume as a response: whole, a range of it, or its headers alone (RFC 9110 §13, §14).
import { error } from '@sveltejs/kit';
import { Readable } from 'node:stream';
import type { Context } from '$lib/server/context';
import * as exports from '$lib/server/exports/exports';
import type { Export } from '$lib/server/exports/exports';
import { instant } from '$lib/server/platform/clock';
import { rangeOf } from './range';

/** `?volume=2`; the first one without it. There is no other: 404. */
function volumeAsked({ volumes }: Export, url: URL): Export['volumes'][number] {
	const number = Number(url.searchParams.get('volume') ?? 1);
	const volume = volumes.find((volume) => volume.number === number);
	if (!volume) error(404, { message: 'There is no such volume.', code: 'not-found' });
	return volume;
}

/** A reader that goes away ends the stream, and with it the file is closed. */
const streamed = (content: AsyncIterable<Uint8Array>): ReadableStream =>
	Readable.toWeb(Readable.from(content, { objectMode: false })) as ReadableStream;

export async function downloadOf(
	ctx: Context,
	personId: string,
	made: Export,
	{ request, url }: { request: Request; url: URL }
): Promise<Response> {
	// Its file may still be there: whoever removes it comes later.
	if ((made.expiresAt ?? '') <= instant(ctx.clock.now()))
		error(404, { message: 'This export is over.', code: 'not-found' });
	const { number, bytes, sha256 } = volumeAsked(made, url);
	const etag = `"${sha256}"`;
	const headers = {
		'Content-Type': made.locked ? 'application/octet-stream' : 'application/zip',
		'Content-Disposition': `attachment; filename="${exports.fileName(ctx, made, number)}"`,
		'Accept-Ranges': 'bytes',
		'X-Content-Type-Options': 'nosniff',
		ETag: etag
	};
	if (request.headers.get('if-none-match') === etag) return new Response(null, { status: 304, headers });
	const range = rangeOf(request.headers, etag, bytes);
	if (range === 'unsatisfiable')
		return new Response(null, { status: 416, headers: { ...headers, 'Content-Range': `bytes */${bytes}` } });
	const { start, end } = range ?? { start: 0, end: bytes };
	// HEAD asks for the headers alone: a stream that nobody reads would keep the file open.
	const body =
		request.method === 'HEAD'
			? null
			: streamed(await exports.content(ctx, personId, made.id, start, end, number));
	return new Response(body, {
		status: range ? 206 : 200,
		headers: {
			...headers,
			'Content-Length': String(end - start),
			...(range && { 'Content-Range': `bytes ${start}-${end - 1}/${bytes}` })
		}
	});
}

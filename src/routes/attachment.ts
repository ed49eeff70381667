// A file of a request is handed out as a download and nothing else: no browser shows it, whatever is in it.
import { error } from '@sveltejs/kit';
import type { Context } from '$lib/server/context';
import { attachment } from '$lib/server/requests/requests';

export async function attachmentAnswer(
	ctx: Context,
	personId: string,
	requestId: string,
	id: string
): Promise<Response> {
	const found = await attachment(ctx, personId, requestId, id);
	if (!found) error(404, { message: 'not-found', code: 'not-found' });
	const { type, fileName, content } = found;
	return new Response(new Uint8Array(content), {
		headers: {
			'Content-Type': type,
			'Content-Length': String(content.length),
			'Content-Disposition': `attachment; filename="${fileName}"`,
			'X-Content-Type-Options': 'nosniff',
			'Content-Security-Policy': "default-src 'none'; sandbox",
			'Cache-Control': 'no-store'
		}
	});
}

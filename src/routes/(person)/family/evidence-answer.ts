// The paper of a consent is handed out as a download and nothing else: no browser shows it, whatever is in it.
import { error } from '@sveltejs/kit';
import * as consents from '$lib/server/consents/consents';
import type { Context } from '$lib/server/context';

export async function evidenceAnswer(ctx: Context, personId: string, id: string): Promise<Response> {
	const paper = await consents.evidence(ctx, personId, id);
	const content = paper && (await consents.evidenceContent(ctx, personId, id));
	if (!content) error(404, { message: 'There is no such paper.', code: 'not-found' });
	return new Response(new Uint8Array(content), {
		headers: {
			'Content-Type': paper.type,
			'Content-Length': String(content.length),
			'Content-Disposition': `attachment; filename="${paper.name}"`,
			'X-Content-Type-Options': 'nosniff',
			'Content-Security-Policy': "default-src 'none'; sandbox",
			'Cache-Control': 'no-store'
		}
	});
}

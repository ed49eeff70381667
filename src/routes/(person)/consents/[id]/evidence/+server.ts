import { error } from '@sveltejs/kit';
import * as consents from '$lib/server/consents/consents';

/** The paper on which somebody agreed for the person: a download and nothing else, whatever is in it. */
export const GET = async ({ locals: { ctx, person }, params: { id } }) => {
	const { evidence } = (await consents.find(ctx, person.id, id)) ?? {};
	const paper = evidence === undefined ? undefined : await consents.evidence(ctx, person.id, evidence);
	const content = paper && (await consents.evidenceContent(ctx, person.id, paper.id));
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
};

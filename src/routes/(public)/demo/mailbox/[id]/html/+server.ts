import { createHash } from 'node:crypto';
import { error } from '@sveltejs/kit';
import * as delivery from '$lib/server/delivery/delivery';

/** Exactly the style sheet that stands in the mail may apply, and nothing else: no script, no picture, no form. */
function policyFor(html: string): string {
	const style = /<style>([\s\S]*?)<\/style>/.exec(html)?.[1] ?? '';
	const hash = createHash('sha256').update(style).digest('base64');
	return `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox allow-popups allow-popups-to-escape-sandbox`;
}

/** The HTML of a mail as a mail program would show it. */
export const GET = async ({ locals: { ctx }, params }) => {
	const message = ctx.settings.demonstration ? await delivery.sentMessage(ctx, params.id) : undefined;
	if (!message?.html) error(404, { message: 'not-found', code: 'not-found' });
	return new Response(message.html, {
		headers: {
			'Content-Type': 'text/html; charset=utf-8',
			'Content-Security-Policy': policyFor(message.html),
			'Cache-Control': 'no-store'
		}
	});
};

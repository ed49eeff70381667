// The certificate as a file: JSON to read, or the signed JWS that any JOSE tool checks against /.well-known/jwks.json.
import { error } from '@sveltejs/kit';
import * as withdrawal from '$lib/server/withdrawal/withdrawal';

const forms = {
	json: { type: 'application/json; charset=utf-8', ending: 'json' },
	jws: { type: 'application/jose', ending: 'jws' }
} as const;

const tooOften = ({ translation: { t } }: App.Locals, waitSeconds: number) =>
	new Response(`${t('errors:refused.too-many-tries', { count: waitSeconds })}\n`, {
		status: 429,
		headers: { 'Content-Type': 'text/plain; charset=utf-8', 'Retry-After': String(waitSeconds) }
	});

export const POST = async ({ request, locals }) => {
	const form = await request.formData().catch(() => new FormData());
	const code = String(form.get('code') ?? '')
		.trim()
		.slice(0, withdrawal.longestTyped);
	const outcome = await withdrawal.claim(locals.ctx, code, locals.address);
	if ('waitSeconds' in outcome) return tooOften(locals, outcome.waitSeconds);
	const issued = 'refused' in outcome ? undefined : outcome.issued;
	if (!issued) error(404, { message: 'not-found', code: 'not-found' });
	const format = form.get('format') === 'jws' ? 'jws' : 'json';
	const content = format === 'jws' ? issued.jws : `${JSON.stringify(issued.certificate, null, '\t')}\n`;
	return new Response(content, {
		headers: {
			'Content-Type': forms[format].type,
			'Content-Disposition': `attachment; filename="certificate.${forms[format].ending}"`,
			'Cache-Control': 'no-store'
		}
	});
};

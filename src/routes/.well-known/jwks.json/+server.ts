import { json } from '@sveltejs/kit';

/** Every key that ever signed for this portal (RFC 7517); retired ones stay, so that old signatures can be checked. */
export const GET = async ({ locals: { ctx } }) =>
	json(await ctx.signer.publicKeys(), {
		headers: { 'Content-Type': 'application/jwk-set+json', 'Cache-Control': 'public, max-age=300' }
	});

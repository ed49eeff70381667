/** The organisation's colour; everything else of the look is derived from it in `styles/tokens.css`. */
export const GET = ({ locals }) =>
	new Response(`:root{--brand:${locals.ctx.organisation.organisation.look.colour}}`, {
		headers: { 'Content-Type': 'text/css', 'Cache-Control': 'public, max-age=300' }
	});

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The organisation's logo, from its description folder; shown as an image, so that a script in it stays asleep. */
export const GET = async ({ locals }) => {
	const { folder, organisation } = locals.ctx.organisation;
	return new Response(await readFile(join(folder, organisation.look.logo)), {
		headers: {
			'Content-Type': 'image/svg+xml',
			'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox",
			'Cache-Control': 'public, max-age=300'
		}
	});
};

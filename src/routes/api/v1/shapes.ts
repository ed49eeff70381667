// Shapes of the API that are nobody else's.
import { z } from 'zod';

export const supportLinkShape = z.strictObject({
	person: z
		.string()
		.regex(/^[A-Za-z0-9._~-]{1,64}$/, 'external-id-invalid')
		.describe('External id.'),
	page: z.string().max(200).describe('A personal page, such as /export or /data/contact.'),
	language: z
		.string()
		.max(40)
		.optional()
		.describe('A language of the description; the person’s own where left out.'),
	expiresIn: z
		.int()
		.min(60, 'expiry-out-of-range')
		.max(2_592_000, 'expiry-out-of-range')
		.optional()
		.describe('Seconds; a week where left out.')
});

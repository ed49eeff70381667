// Who the organisation is, who its people are, and by what they are known.
import { z } from 'zod';
import { code, colour, country, invented, refers, text, url } from '../values.ts';

const contact = z.strictObject({
	name: text,
	role: text.optional(),
	email: z.email().optional(),
	phone: z.string().optional(),
	address: text.optional(),
	url: url.optional(),
	invented,
	/** The name is the published one, only the ways to reach it are made up. */
	inventedContacts: invented
});

export const organisation = z.strictObject({
	id: code,
	name: text,
	/** One sentence under the name on public pages. */
	about: text,
	address: text,
	website: url,
	jurisdiction: text,
	/** The country whose holidays and law apply to the organisation itself. */
	country,
	/** One colour, from which the theme is derived, and a logo file of the description folder (SVG). */
	look: z.strictObject({ colour, logo: z.string() }),
	officer: contact,
	support: contact,
	/**
	 * Whose mails are handed to the portal (`/webhooks/mail`, `candor mail receive`): messages can be stopped by a mail to it, and
	 * what bounces comes back to it. Without one they are stopped by their link alone, and bounces go to the sender.
	 */
	mailbox: z.email().optional(),
	/** Bodies outside that help a person, by country ("*" for everybody). */
	authorities: z.array(contact.extend({ countries: z.array(z.union([country, z.literal('*')])).min(1) })),
	/** Address and website are made up. */
	invented
});

export const role = z.strictObject({
	id: code,
	label: text,
	about: text,
	/** Roles for whose children this one obtains and keeps the parents' consents: a teacher for students. */
	consentsFor: z.array(refers('roles')).min(1).optional()
});

export const identifier = z.strictObject({
	kind: z.enum(['email', 'phone', 'username']),
	required: z.boolean().default(false),
	label: text.optional(),
	/** `verification`: given for signing in safely and used for nothing else, where an import does not say otherwise. */
	use: z.enum(['contact', 'verification']).default('contact')
});

// What the organisation's own systems can be told of, and the shape in which a description names one of them.
import { z } from 'zod';
import { code, text, url } from './values.ts';

/** Types of CONTRACT §5; what happens to one person, but the last two. */
const tellable = [
	'profile.changed',
	'preference.changed',
	'consent.granted',
	'consent.withdrawn',
	'correction.opened',
	'correction.decided',
	'export.ready',
	'withdrawal.requested',
	'withdrawal.cancelled',
	'person.erased',
	'disclosure.restricted',
	'policy.announced',
	'incident.announced'
] as const;

export const listener = z.strictObject({
	/** Like a partner's, and no partner's. */
	id: code,
	label: text,
	webhook: url,
	tells: z.array(z.enum(tellable)).min(1)
});

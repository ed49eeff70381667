// What a description says about when people may be written to.
import { z } from 'zod';
import { country, duration, invented, refers, text } from './values.ts';

const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time of day such as "21:00"');

/** When nobody is disturbed, by the clock where they live; `to` may lie on the next morning. */
export const quietHours = z.strictObject({
	channels: z.array(refers('channels')).min(1),
	/** All marketing where left out. */
	topics: z.array(refers('topics')).min(1).optional(),
	/** Of people in these countries; of everybody where left out. */
	countries: z.array(country).min(1).optional(),
	from: timeOfDay,
	to: timeOfDay,
	/** A topic of its own by which a person allows it all the same (Korea, Network Act Art. 50(3)). */
	unless: refers('topics').optional(),
	because: text,
	invented
});

/**
 * Who said yes to marketing is asked from time to time whether it still stands, and is told what became of each yes and no
 * (Korea, Network Act Art. 50(7), (8)).
 */
export const reconfirmation = z.strictObject({
	/** All marketing where left out. */
	topics: z.array(refers('topics')).min(1).optional(),
	/** Of people in these countries. */
	countries: z.array(country).min(1),
	/** How long a yes stands before it is asked about: `P2Y`. */
	every: duration,
	/** So long before its end they are asked, and so long they have to answer. */
	noticeDays: z.int().min(7).max(90).default(30),
	/** What it means when they say nothing: the yes stands for as long again, or ends. */
	silence: z.enum(['stays', 'stops']),
	/** They are told, within a day, what they decided and that it was done. */
	tellsDecisions: z.boolean().default(false),
	because: text,
	invented
});

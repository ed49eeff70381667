// What a description says about when people may be written to.
import { z } from 'zod';
import { country, invented, refers, text } from './values.ts';

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

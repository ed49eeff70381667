// Promise: what a description alone cannot tell (who its people are, what they write) stands beside it, in people.yaml.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';

const byLanguage = z.record(z.string(), z.string());

const part = z.strictObject({
	/** Username, and the part of the email address before the @. */
	name: z.string().regex(/^[a-z][a-z0-9-]{2,39}$/),
	role: z.string(),
	language: z.string(),
	country: z.string(),
	region: z.string().optional(),
	age: z.int().min(6).max(90),
	/** Shown at the sign-in of the demonstration, with what is worth seeing there. */
	signIn: byLanguage.optional(),
	/** Signed up so many days ago; two years and more otherwise. */
	sinceDays: z.int().positive().optional(),
	/** Nobody has agreed yet for this child. */
	waits: z.boolean().default(false),
	guardians: z.array(z.string()).default([]),
	profile: z.record(z.string(), z.unknown()).default({})
});

/** A row is a map of field to value: a text by language, a list of choices, or the value itself. */
const category = z.strictObject({
	perYear: z.number().positive(),
	/** Share of the people who have any. */
	chance: z.number().min(0).max(1).default(1),
	only: z.enum(['minors']).optional(),
	rows: z.array(z.record(z.string(), z.unknown())).default([])
});

const script = z.strictObject({
	people: z.array(part),
	records: z.record(z.string(), category).default({}),
	/** Who works for the organisation. */
	staff: z.array(z.strictObject({ id: z.string(), name: z.string(), role: z.string() })).default([])
});

export type Part = z.output<typeof part>;
export type CategoryScript = z.output<typeof category>;
export type Script = z.output<typeof script>;

/** The script of a description's folder; an empty one where there is none. */
export function readScript(folder: string): Script {
	const file = join(folder, 'people.yaml');
	return existsSync(file)
		? script.parse(parse(readFileSync(file, 'utf8')))
		: { people: [], records: {}, staff: [] };
}

// Where data lies that is not pushed in here: systems of the organisation's own, read and changed where they are.
import { z } from 'zod';
import { code, fieldCode, refers, text } from '../values.ts';

/** One SQL statement; `:person`, `:record`, `:value` and `:on` are bound, never written into it. */
const statement = z.string().min(1).max(20_000);

/** What a field can be changed with: a statement of a SQL source; an HTTP source needs the name alone. */
const edit = z.strictObject({ field: fieldCode, statement: statement.optional() });

const sourceCategory = z.strictObject({
	category: refers('categories'),
	/** SQL: answers `person`, `id`, `at` and the fields, a row each. */
	read: statement.optional(),
	/** SQL: answers one number; counts what `read` answers where left out. */
	count: statement.optional(),
	edit: z.array(edit).default([])
});

/** What one call may take. */
const budget = z.strictObject({
	seconds: z.int().min(1).max(3_600).default(60),
	rows: z.int().min(1).max(100_000_000).default(2_000_000),
	megabytes: z.int().min(1).max(100_000).default(1_000)
});

export const source = z.strictObject({
	id: code,
	label: text,
	/** Its address is a setting, CANDOR_SOURCES: it holds a password. */
	kind: z.enum(['sql', 'http']),
	categories: z.array(sourceCategory).min(1),
	/** SQL: run one after the other, in one transaction. Without them it is done there by hand. */
	restrict: z.array(statement).default([]),
	erase: z.array(statement).default([]),
	/** SQL: makes the invented person on whom the canary tries everything. */
	plant: z.array(statement).default([]),
	/** HTTP: what of this it answers to. */
	can: z.array(z.enum(['restrict', 'erase', 'plant'])).default([]),
	budget: budget.prefault({}),
	/** How many connections are open at once, at most. */
	pool: z.int().min(1).max(50).default(4)
});

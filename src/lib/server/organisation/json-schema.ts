// Promise: editors check a description against the very schema that the loader uses.
import { z } from 'zod';
import { descriptionSchema, policyMetaSchema } from './schema.ts';

/** The published JSON Schemas by file name under `static/schemas/`. */
export function jsonSchemas(): Record<string, string> {
	return {
		'organisation.schema.json': published('The description of an organisation', descriptionSchema),
		'policy-meta.schema.json': published('A version of a policy', policyMetaSchema)
	};
}

function published(title: string, schema: z.ZodType): string {
	return `${JSON.stringify({ title, ...z.toJSONSchema(schema, { io: 'input' }) }, null, '\t')}\n`;
}

// What the operations of the API document have in common: their answers, their problems, the scope that each needs.
import type { Scope } from '$lib/server/tokens/tokens';

export const json = (schema: object) => ({ 'application/json': { schema } });
const problemResponse = { $ref: '#/components/responses/Problem' };
export const object = (properties: Record<string, object>) => ({ type: 'object', properties });
export const text = { type: 'string' };

const problems = Object.fromEntries(
	['400', '401', '403', '404', '409', '413', '415', '422'].map((status) => [status, problemResponse])
);
const key = { $ref: '#/components/parameters/IdempotencyKey' };
export const externalId = { $ref: '#/components/parameters/ExternalId' };

export interface Operation {
	summary: string;
	scope: Scope;
	answers: Record<string, { description: string; content?: object } | { $ref: string }>;
	body?: object;
	optional?: boolean;
	/** Nothing is changed by it. */
	read?: boolean;
	parameters?: object[];
}

export const operation = (
	operationId: string,
	{ summary, scope, answers, body, optional, read, parameters = [] }: Operation
) => ({
	operationId,
	summary,
	description: `Needs the scope \`${scope}\`.`,
	parameters: [...parameters, ...(read ? [] : [key])],
	...(body && { requestBody: { required: !optional, content: body } }),
	responses: { ...answers, ...problems }
});

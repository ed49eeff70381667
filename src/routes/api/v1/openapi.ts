// The API described by the schemas that it checks with (OpenAPI 3.1).
import { disclosureShape, personBody, personShape, recordShape } from '$lib/server/intake/intake';
import { sentences } from '$lib/server/disclosures/disclosures';
import { scopes } from '$lib/server/tokens/tokens';
import { viewers } from '$lib/server/visibility/visibility';
import { z } from 'zod';
import { contactPaths } from './contact-paths';
import { erasureShape } from './erasure';
import { externalId, json, object, operation, text, type Operation } from './operations';
import { incidentShape, preferencesShape, requestShape, supportLinkShape } from './shapes';

const schemas = {
	Person: personShape,
	PersonBody: personBody,
	Record: recordShape,
	Disclosure: disclosureShape,
	SupportLink: supportLinkShape,
	Incident: incidentShape,
	Erasure: erasureShape,
	Request: requestShape,
	Preferences: preferencesShape
};

function schemaOf(shape: z.ZodType): object {
	const {
		$schema: _,
		id: __,
		...schema
	} = z.toJSONSchema(shape, {
		target: 'draft-2020-12',
		io: 'input',
		unrepresentable: 'any',
		reused: 'inline'
	}) as Record<string, unknown>;
	return schema;
}

const reference = (name: keyof typeof schemas) => ({ $ref: `#/components/schemas/${name}` });
const refusals = { type: 'array', items: object({ field: text, code: text }) };
const gateCodes = Object.entries(sentences)
	.map(([code, sentence]) => `\`${code}\`: ${sentence}`)
	.join(' ');

/** NDJSON in and out: the schema is that of one line. */
function batch(operationId: string, summary: string, scope: Operation['scope'], name: keyof typeof schemas) {
	const line = object({
		line: { type: ['integer', 'null'] },
		done: { enum: ['added', 'changed', 'replaced', 'unchanged'] },
		refused: {},
		field: text,
		fields: refusals,
		detail: text,
		id: text,
		recorded: { enum: ['released', 'afterwards'] },
		consentVersion: { type: ['string', 'null'] },
		released: { type: 'array', items: text }
	});
	const body = { 'application/x-ndjson': { schema: reference(name) } };
	const answers = {
		'200': {
			description: 'A line for every line, in order within a batch; a guardian is answered at the end.',
			content: { 'application/x-ndjson': { schema: line } }
		}
	};
	return { post: operation(operationId, { summary, scope, body, answers }) };
}

const ledgerRow = object({
	id: text,
	at: text,
	recorded: { enum: ['released', 'afterwards'] },
	basis: text,
	country: text,
	consentVersion: { type: ['string', 'null'] },
	released: { type: 'array', items: text },
	partner: text,
	purpose: text,
	refused: refusals
});
const personAnswer = object({ id: text, done: text });

const paths = {
	'/api/v1/people/{externalId}': {
		put: operation('putPerson', {
			summary: 'Register a person, or bring them up to date. The same again changes nothing.',
			scope: 'people:write',
			parameters: [externalId],
			body: json(reference('PersonBody')),
			answers: {
				'200': { description: 'Up to date.', content: json(personAnswer) },
				'201': { description: 'Registered.', content: json(personAnswer) }
			}
		}),
		delete: operation('withdrawPerson', {
			summary:
				'Open a withdrawal with its grace period; the person is told. `grace=none` needs the scope people:erase and a reason, at most 100 an hour. The person can read the reason.',
			scope: 'people:write',
			parameters: [externalId, { name: 'grace', in: 'query', schema: { const: 'none' } }],
			body: json(reference('Erasure')),
			optional: true,
			answers: {
				'202': {
					description:
						'The withdrawal runs. Hand `claimCode` to the person: it opens /claim when the account is gone. It is answered once, to whoever opened the withdrawal.',
					content: json(object({ id: text, eraseAt: text, claimCode: text }))
				}
			}
		})
	},
	'/api/v1/people/{externalId}/profile': {
		get: operation('readProfile', {
			summary:
				'What others may see of a profile, as the person decided it. A field under correction is answered without its value.',
			scope: 'profile:read',
			read: true,
			parameters: [
				externalId,
				{
					name: 'viewer',
					in: 'query',
					required: true,
					description: 'Anybody; who shares a class or a friendship; the person.',
					schema: { enum: viewers }
				}
			],
			answers: {
				'200': {
					description:
						'By `category.field`: `{value}`, or `{restricted: true}`. Nothing of somebody who is leaving, paused, or waits for consent.',
					content: json(
						object({
							viewer: { enum: viewers },
							fields: {
								type: 'object',
								additionalProperties: object({ value: {}, restricted: { const: true } })
							}
						})
					)
				}
			}
		})
	},
	'/api/v1/people/{externalId}/purposes': {
		get: operation('readPurposes', {
			summary:
				'Whether each purpose may be followed for the person: ask before you measure, fit or advertise.',
			scope: 'purposes:read',
			read: true,
			parameters: [externalId],
			answers: {
				'200': {
					description: 'By purpose; `because` is a lawful basis, or a code that says why not.',
					content: json(
						object({
							purposes: {
								type: 'object',
								additionalProperties: object({
									allowed: { type: 'boolean' },
									because: text,
									since: { type: ['string', 'null'] }
								})
							}
						})
					)
				}
			}
		})
	},
	'/api/v1/people:batch': batch(
		'putPeople',
		'Register or bring up to date many people.',
		'people:write',
		'Person'
	),
	'/api/v1/records:batch': batch(
		'putRecords',
		'Store records; the same person, category and id again replaces.',
		'records:write',
		'Record'
	),
	'/api/v1/disclosures': {
		post: operation('releaseFields', {
			summary:
				'The gate: ask before fields of a person go to a partner. All or nothing, unless `partial`; 403 with a code per refused field otherwise.',
			scope: 'disclosures:write',
			body: json(reference('Disclosure')),
			answers: {
				'200': { description: 'It was recorded before.', content: json(ledgerRow) },
				'201': {
					description: `The row of the ledger: what is under \`released\` may go. An instant of the past is recorded as \`afterwards\`, never as released. Codes of refused fields: ${gateCodes}`,
					content: json(ledgerRow)
				}
			}
		})
	},
	'/api/v1/disclosures:batch': batch(
		'releaseMany',
		'The gate for many: each line is decided and answered for itself.',
		'disclosures:write',
		'Disclosure'
	),
	'/api/v1/incidents': {
		post: operation('recordIncident', {
			summary:
				'Record a breach: the clock of 72 hours runs, whom it concerns is found, and staff send the notices.',
			scope: 'incidents:write',
			body: json(reference('Incident')),
			answers: {
				'201': {
					description: 'Recorded; `unknown` are those of a list whom the portal does not know.',
					content: json(object({ id: text, authorityDueAt: text, unknown: { type: 'array', items: text } }))
				}
			}
		})
	},
	'/api/v1/people/{externalId}/requests': {
		post: operation('openRequest', {
			summary:
				'Write down what a person asked by phone, letter or otherwise; the legal clock runs from its receipt.',
			scope: 'requests:write',
			parameters: [{ $ref: '#/components/parameters/ExternalId' }],
			body: json(reference('Request')),
			answers: {
				'201': {
					description: 'It waits for an answer, or for the person to confirm it.',
					content: json(object({ id: text, dueOn: text, rule: text }))
				}
			}
		})
	},
	...contactPaths,
	'/api/v1/support-links': {
		post: operation('makeSupportLink', {
			summary: 'A link for one person and one page, and a code to read out. It is no credential.',
			scope: 'support-links:write',
			body: json(reference('SupportLink')),
			answers: {
				'201': {
					description: 'Made.',
					content: json(object({ id: text, url: text, code: text, expiresAt: text }))
				}
			}
		})
	}
};

const problemSchema = {
	...object({
		type: text,
		title: text,
		status: { type: 'integer' },
		detail: text,
		code: text,
		field: text,
		fields: refusals
	}),
	required: ['type', 'title', 'status', 'detail', 'code']
};

/** The whole document; the same for every description. */
export const openApi = (origin: string) => ({
	openapi: '3.1.0',
	info: {
		title: 'Candor',
		version: '1',
		description:
			'For the organisation’s own systems. Answers hold ids and codes; values of a person only what `readProfile` shows.'
	},
	servers: [{ url: origin }],
	security: [{ token: [] }],
	paths,
	components: {
		securitySchemes: {
			token: {
				type: 'http',
				scheme: 'bearer',
				description: `Made by \`candor token add\`, for some addresses only with \`--from\`. Scopes: ${scopes.join(', ')}.`
			}
		},
		parameters: {
			ExternalId: {
				name: 'externalId',
				in: 'path',
				required: true,
				schema: { type: 'string', pattern: '^[A-Za-z0-9._~-]{1,64}$' }
			},
			IdempotencyKey: {
				name: 'Idempotency-Key',
				in: 'header',
				description:
					'Kept for 24 hours a token: the same request is answered alike (`Idempotent-Replayed`), another one under the same key is 422, one that is still being answered 409. On a batch too.',
				schema: { type: 'string', maxLength: 128 }
			}
		},
		responses: {
			Problem: {
				description: 'A problem (RFC 9457).',
				content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } }
			}
		},
		schemas: {
			...Object.fromEntries(Object.entries(schemas).map(([name, shape]) => [name, schemaOf(shape)])),
			Problem: problemSchema
		}
	}
});

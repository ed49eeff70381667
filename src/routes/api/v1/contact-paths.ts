// The part of the API document that says how to ask whether somebody may be written to.
import { sentences } from '$lib/server/preferences/preferences';
import { externalId, json, object, operation, text } from './operations';

const codes = Object.entries(sentences)
	.map(([code, sentence]) => `\`${code}\`: ${sentence}`)
	.join(' ');
const because = { enum: Object.keys(sentences) };
const since = {
	type: ['string', 'null'],
	description: 'Since when; null where it was so from the beginning.'
};
const until = { type: 'string', description: 'With `quiet-hours`: when they end.' };
const answer = { allowed: { type: 'boolean' }, because, since, until };
const asked = (name: string, description: string) => ({
	name,
	in: 'query',
	required: true,
	description,
	schema: { type: 'string', maxLength: 100 }
});
const wholeNumber = (name: string, description: string, schema: object) => ({
	name,
	in: 'query',
	description,
	schema: { type: 'integer', ...schema }
});

const question = {
	...object({ person: { type: 'string', description: 'External id.' }, channel: text, topic: text }),
	required: ['person', 'channel', 'topic']
};
const changed = object({
	position: { type: 'integer' },
	person: text,
	channel: { type: ['string', 'null'] },
	topic: { type: ['string', 'null'] },
	at: text,
	answers: { type: 'array', items: object({ channel: text, topic: text, ...answer }) }
});

export const contactPaths = {
	'/api/v1/people/{externalId}/may-contact': {
		get: operation('mayContact', {
			summary: 'Whether a person may be written to by a way about a topic: ask right before you send.',
			scope: 'contact:read',
			read: true,
			parameters: [
				externalId,
				asked('channel', 'A channel of the description.'),
				asked('topic', 'A topic of the description.')
			],
			answers: {
				'200': {
					description: `What holds at this moment, also for somebody who is not there. Codes of \`because\`: ${codes}`,
					content: json(object(answer))
				}
			}
		})
	},
	'/api/v1/people/{externalId}/preferences': {
		put: operation('putPreferences', {
			summary:
				'Write down what a person chose about messages in another system of yours. It counts at once, and the person sees it with its way.',
			scope: 'contact:write',
			parameters: [externalId],
			body: json({ $ref: '#/components/schemas/Preferences' }),
			answers: {
				'200': {
					description:
						'How many choices are different now. A no is answered when nothing of it is under way any more; a yes is taken of nobody who is leaving, locked, or waits for consent.',
					content: json(object({ changed: { type: 'integer' } }))
				}
			}
		})
	},
	'/api/v1/may-contact:batch': {
		post: operation('mayContactMany', {
			summary: 'The same for up to 10,000 at once. Nothing is changed by asking.',
			scope: 'contact:read',
			read: true,
			body: { 'application/x-ndjson': { schema: question } },
			answers: {
				'200': {
					description:
						'A line for every line, in order; a line that is no question is answered with `refused` and holds up no other.',
					content: {
						'application/x-ndjson': {
							schema: object({
								line: { type: 'integer' },
								...answer,
								refused: { enum: ['not-utf8', 'not-json', 'not-object', 'required', 'not-text'] },
								field: text
							})
						}
					}
				}
			}
		})
	},
	'/api/v1/preferences/changes': {
		get: operation('followChanges', {
			summary:
				'Every change of an answer once, in order, for whoever keeps a copy: ask behind the `next` of the last time.',
			scope: 'contact:read',
			read: true,
			parameters: [
				wholeNumber('after', 'The position behind which to begin; 0 for all that is kept.', { minimum: 0 }),
				wholeNumber('limit', 'At most so many; 100 where left out.', { minimum: 1, maximum: 1000 })
			],
			answers: {
				'200': {
					description:
						'`answers` hold at the moment of asking: write them over the copy. `channel` or `topic` null: about all of them. People who were erased are told of no more: `person.erased` tells you.',
					content: json(
						object({
							changes: { type: 'array', items: changed },
							next: { type: 'integer' },
							more: { type: 'boolean' }
						})
					)
				},
				'410': { $ref: '#/components/responses/Problem' }
			}
		})
	}
};

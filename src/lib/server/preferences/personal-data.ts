// What preferences hold about a person: every decision about messages, with its day and its way.
import type { PersonalDataContract, Row } from '../personal-data-contract.ts';
import { history } from './preferences.ts';
import { countChanges, deleteChanges } from './queries.ts';

const pageSize = 1_000;
const fields = {
	id: 'text',
	channel: 'text',
	topic: 'text',
	allowed: 'choice',
	origin: 'text',
	at: 'instant',
	words: 'text',
	language: 'text'
} as const;

export const preferencesContract: PersonalDataContract = {
	id: 'preferences',
	tables: ['preference_change', 'contact_change', 'address_block', 'reconfirmation', 'decision_notice'],
	count: async (ctx, personId) => [
		{ category: 'portal.messages', records: await countChanges(ctx, personId) }
	],
	collect: async (ctx, personId, categories) => {
		if (categories && !categories.has('portal.messages')) return [];
		return [
			{
				path: 'messages/preferences',
				category: 'portal.messages',
				source: 'portal',
				expected: await countChanges(ctx, personId),
				shape: 'table',
				fields: Object.entries(fields).map(([id, type]) => ({ id, type, label: `messages:field.${id}` })),
				async *pages() {
					let before: string | undefined;
					for (;;) {
						const changes = await history(ctx, personId, before, pageSize);
						if (changes.length) yield changes.map(({ changeSet, ...change }): Row => change);
						if (changes.length < pageSize) return;
						before = changes.at(-1)?.id;
					}
				}
			}
		];
	},
	restrict: async () => undefined,
	erase: async (ctx, personId, limit) => {
		const destroyed = await deleteChanges(ctx, personId, limit);
		return { destroyed, done: destroyed < limit };
	},
	keep: async () => []
};

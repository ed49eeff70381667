// What preferences hold about a person: every decision about messages, with its day and its way, and why an address is left alone.
import type { Context } from '../context.ts';
import type { Part, PersonalDataContract, Row } from '../personal-data-contract.ts';
import { selectBlocks } from './blocks/queries.ts';
import { history } from './preferences.ts';
import { countChanges, deleteChanges } from './queries.ts';

const pageSize = 1_000;
const category = 'portal.messages';
const fields = {
	id: 'text',
	channel: 'text',
	topic: 'text',
	allowed: 'flag',
	origin: 'text',
	at: 'instant',
	words: 'text',
	language: 'text'
} as const;
const blockFields = { channel: 'text', because: 'text', since: 'instant' } as const;

const labelled = (types: Readonly<Record<string, string>>): Part['fields'] =>
	Object.entries(types).map(([id, type]) => ({ id, type, label: `messages:field.${id}` }));

const changesOf = async (ctx: Context, personId: string): Promise<Part> => ({
	path: 'messages/preferences',
	category,
	source: 'portal',
	expected: await countChanges(ctx, personId),
	shape: 'table',
	fields: labelled(fields),
	async *pages() {
		let before: string | undefined;
		for (;;) {
			const changes = await history(ctx, personId, before, pageSize);
			if (changes.length) yield changes.map(({ changeSet, ...change }): Row => change);
			if (changes.length < pageSize) return;
			before = changes.at(-1)?.id;
		}
	}
});

const blocksOf = async (ctx: Context, personId: string): Promise<Part> => ({
	path: 'messages/blocks',
	category,
	source: 'portal',
	expected: (await selectBlocks(ctx, personId)).length,
	shape: 'table',
	fields: labelled(blockFields),
	async *pages() {
		const blocks = await selectBlocks(ctx, personId);
		if (blocks.length) yield blocks.map((block): Row => block);
	}
});

/**
 * `contact_change`, `reconfirmation` and `decision_notice` are neither counted nor exported: they say when the portal looks at
 * somebody again, and nothing about them that does not stand elsewhere. What they were asked and told is in the activity and in
 * the log of messages, what they answered among the changes. They are destroyed with the rest.
 */
export const preferencesContract: PersonalDataContract = {
	id: 'preferences',
	tables: ['preference_change', 'contact_change', 'address_block', 'reconfirmation', 'decision_notice'],
	count: async (ctx, personId) => [
		{ category, records: (await countChanges(ctx, personId)) + (await selectBlocks(ctx, personId)).length }
	],
	collect: async (ctx, personId, categories) =>
		categories && !categories.has(category)
			? []
			: [await changesOf(ctx, personId), await blocksOf(ctx, personId)],
	restrict: async () => undefined,
	erase: async (ctx, personId, limit) => {
		const destroyed = await deleteChanges(ctx, personId, limit);
		return { destroyed, done: destroyed < limit };
	},
	keep: async () => []
};

// What consents hold about a person: every agreement given or taken back, with the words and fields that were read.
import type { PersonalDataContract, Row } from '../personal-data-contract.ts';
import { history, type Decision } from './consents.ts';
import { countConsents, deleteConsents, selectLatest } from './queries.ts';

const pageSize = 1_000;
const fields = {
	at: 'instant',
	partner: 'text',
	decision: 'text',
	words: 'text',
	fields: 'list',
	codes: 'list',
	version: 'text',
	language: 'language',
	origin: 'text'
} as const;

/** Names to read, codes to process. */
const rowOf = ({ id, fields, ...decision }: Decision): Row => ({
	...decision,
	fields: fields.map(({ label }) => label),
	codes: fields.map(({ code }) => code)
});

export const consentsContract: PersonalDataContract = {
	id: 'consents',
	tables: ['consent'],
	count: async (ctx, personId) => [
		{ category: 'portal.sharing', records: await countConsents(ctx, personId) }
	],
	collect: async (ctx, personId, categories) => {
		if (categories && !categories.has('portal.sharing')) return [];
		return [
			{
				path: 'sharing/consents',
				category: 'portal.sharing',
				source: 'portal',
				expected: await countConsents(ctx, personId),
				shape: 'document',
				fields: Object.entries(fields).map(([id, type]) => ({ id, type, label: `sharing:field.${id}` })),
				async *pages() {
					let before: string | undefined;
					for (;;) {
						const decisions = await history(ctx, personId, { before, limit: pageSize });
						if (decisions.length) yield decisions.map(rowOf);
						if (decisions.length < pageSize) return;
						before = decisions.at(-1)?.id;
					}
				}
			}
		];
	},
	restrict: async () => undefined,
	erase: async (ctx, personId, limit) => {
		const destroyed = await deleteConsents(ctx, personId, limit);
		return { destroyed, done: destroyed < limit };
	},
	keep: async () => [],
	// Whoever may still receive something is to be told that it ends, whether or not anything went there.
	recipients: async (ctx, personId) =>
		(await selectLatest(ctx, personId))
			.filter(({ decision }) => decision === 'granted')
			.map(({ partner }) => partner)
};

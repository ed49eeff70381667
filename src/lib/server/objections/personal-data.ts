// What objections hold about a person: every purpose they objected to, switched off or on again, or kept on against a signal.
import type { PersonalDataContract, Row } from '../personal-data-contract.ts';
import { countChoices, deleteChoices, selectChoices, selectKept } from './queries.ts';

const pageSize = 1_000;
const fields = { id: 'text', purpose: 'text', allowed: 'flag', origin: 'text', at: 'instant' } as const;

export const objectionsContract: PersonalDataContract = {
	id: 'objections',
	tables: ['purpose_choice', 'signal_kept'],
	count: async (ctx, personId) => [
		{ category: 'portal.sharing', records: await countChoices(ctx, personId) }
	],
	collect: async (ctx, personId, categories) => {
		if (categories && !categories.has('portal.sharing')) return [];
		return [
			{
				path: 'sharing/objections',
				category: 'portal.sharing',
				source: 'portal',
				expected: await countChoices(ctx, personId),
				shape: 'table',
				fields: Object.entries(fields).map(([id, type]) => ({ id, type, label: `corrections:choice.${id}` })),
				async *pages() {
					let before: string | undefined;
					for (;;) {
						const choices = await selectChoices(ctx, personId, before, pageSize);
						if (choices.length) yield choices.map((choice): Row => ({ ...choice }));
						if (choices.length < pageSize) break;
						before = choices.at(-1)?.id;
					}
					const kept = await selectKept(ctx, personId);
					if (kept.length)
						yield kept.map(({ purpose, choice, at }): Row => ({
							id: choice,
							purpose,
							allowed: 1,
							origin: 'kept',
							at
						}));
				}
			}
		];
	},
	restrict: async () => undefined,
	erase: async (ctx, personId, limit) => {
		const destroyed = await deleteChoices(ctx, personId, limit);
		return { destroyed, done: destroyed < limit };
	},
	keep: async () => []
};

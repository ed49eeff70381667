// What a person answered to changes of the policy.
import type { PersonalDataContract } from '../personal-data-contract.ts';
import { deleteAnswers, selectAnswers } from './queries.ts';

export const policiesContract: PersonalDataContract = {
	id: 'policies',
	tables: ['policy_answer'],
	count: async (ctx, personId) => [
		{ category: 'portal.policies', records: (await selectAnswers(ctx, personId)).length }
	],
	collect: async (ctx, personId, categories) => {
		if (categories && !categories.has('portal.policies')) return [];
		const answers = await selectAnswers(ctx, personId);
		return [
			{
				path: 'policies',
				category: 'portal.policies',
				source: 'portal',
				expected: answers.length,
				shape: 'document',
				fields: ['version', 'answer', 'language', 'at'].map((id) => ({
					id,
					type: id === 'at' ? 'instant' : 'text',
					label: `viewer:policies.${id}`
				})),
				async *pages() {
					if (answers.length) yield answers.map((row) => ({ ...row }));
				}
			}
		];
	},
	restrict: async () => undefined,
	erase: async (ctx, personId) => ({ destroyed: await deleteAnswers(ctx, personId), done: true }),
	keep: async () => []
};

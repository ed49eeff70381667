// What support links say about a person, and how they leave.
import type { PersonalDataContract, Row } from '../../personal-data-contract.ts';
import { countLinks, deleteLinks } from './queries.ts';
import { list } from './support-links.ts';

const fields = ['id', 'page', 'language', 'madeBy', 'createdAt', 'expiresAt', 'openedAt', 'confirmedAt'];

export const supportLinksContract: PersonalDataContract = {
	id: 'support-links',
	tables: ['support_link'],
	count: async (ctx, personId) => [{ category: 'portal.security', records: await countLinks(ctx, personId) }],
	collect: async (ctx, personId, categories) => {
		if (categories && !categories.has('portal.security')) return [];
		return [
			{
				path: 'security/support-links',
				category: 'portal.security',
				source: 'portal',
				expected: await countLinks(ctx, personId),
				shape: 'document',
				fields: fields.map((id) => ({
					id,
					type: id.endsWith('At') ? 'instant' : 'text',
					label: `viewer:security.${id}`
				})),
				async *pages() {
					const links = await list(ctx, personId);
					if (links.length) yield links.map((link): Row => ({ ...link }));
				}
			}
		];
	},
	restrict: async () => undefined,
	erase: async (ctx, personId, limit) => {
		const destroyed = await deleteLinks(ctx, personId, limit);
		return { destroyed, done: destroyed < limit };
	},
	keep: async () => []
};

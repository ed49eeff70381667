// Exports are copies: they leave with the person, file and row.
import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { PersonalDataContract } from '../personal-data-contract.ts';
import { pathOf, removeFiles } from './places.ts';
import { deleteExport, selectAllExports } from './queries.ts';

const shown = ['createdAt', 'state', 'categories', 'records', 'bytes', 'sha256'] as const;

export const exportsContract: PersonalDataContract = {
	id: 'exports',
	tables: ['export', 'export_volume'],
	folders: ['exports'],
	count: async (ctx, personId) => [
		{ category: 'portal.exports', records: (await selectAllExports(ctx, personId)).length }
	],
	collect: async (ctx, personId, categories) => {
		if (categories && !categories.has('portal.exports')) return [];
		const all = await selectAllExports(ctx, personId);
		return [
			{
				path: 'exports',
				category: 'portal.exports',
				source: 'portal',
				expected: all.length,
				shape: 'document',
				fields: shown.map((id) => ({
					id,
					type: id === 'createdAt' ? 'instant' : 'any',
					label: `viewer:exports.${id}`
				})),
				async *pages() {
					yield all.map((row) => Object.fromEntries(shown.map((name) => [name, row[name]])));
				}
			}
		];
	},
	restrict: async () => undefined,
	erase: async (ctx, personId) => {
		const all = await selectAllExports(ctx, personId);
		for (const { id } of all) {
			await removeFiles(ctx, personId, id);
			await deleteExport(ctx, personId, id);
		}
		if (all.length === 0) await rm(dirname(pathOf(ctx, personId, 'none')), { recursive: true, force: true });
		return { destroyed: all.length, done: all.length === 0 };
	},
	keep: async () => []
};

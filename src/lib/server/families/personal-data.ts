// What families hold about a child: what was agreed for it, what was asked of its school, and locks of its account.
import { open } from '../platform/keys/keys.ts';
import type { Context } from '../context.ts';
import type { Part, PersonalDataContract, Row } from '../personal-data-contract.ts';
import { history } from './ledger.ts';
import { deleteRows, selectConsents, selectLocks, selectRequests, tablesOfChild } from './queries.ts';
import { lockPlace } from './reports.ts';

const category = 'portal.family';

const instants = new Set(['at', 'askedAt', 'dueAt', 'answeredAt', 'lockedAt', 'destroyAt', 'endedAt']);
const typeOf = (id: string): string => (instants.has(id) ? 'instant' : 'text');

const part = (path: string, fields: readonly string[], rows: readonly Row[]): Part => ({
	path,
	category,
	source: 'portal',
	expected: rows.length,
	shape: 'document',
	fields: fields.map((id) => ({ id, type: typeOf(id), label: `viewer:family.${id}` })),
	async *pages() {
		if (rows.length) yield rows;
	}
});

async function locks(ctx: Context, personId: string): Promise<Row[]> {
	const key = await ctx.keys.of(personId);
	return (await selectLocks(ctx, personId)).map(({ id, state, lockedAt, destroyAt, endedAt, sealed }) => {
		const { reason = null } = open<{ reason?: string }>(key, lockPlace(id), sealed);
		return { id, state, lockedAt, destroyAt, endedAt, reason };
	});
}

const consentFields = [
	'at',
	'scope',
	'decision',
	'way',
	'giver',
	'giverId',
	'evidence',
	'words',
	'categories',
	'partners',
	'note',
	'language'
];
const requestFields = ['askedAt', 'askedOf', 'askedBy', 'state', 'dueAt', 'answeredAt'];
const lockFields = ['lockedAt', 'state', 'destroyAt', 'endedAt', 'reason'];

const only = (fields: readonly string[], row: Row): Row =>
	Object.fromEntries(['id', ...fields].map((field) => [field, row[field] ?? null]));

export const familiesContract: PersonalDataContract = {
	id: 'families',
	tables: tablesOfChild,
	count: async (ctx, personId) => {
		const held = await Promise.all(
			[selectConsents, selectRequests, selectLocks].map((of) => of(ctx, personId))
		);
		const records = held.reduce((sum, { length }) => sum + length, 0);
		return [{ category, records }];
	},
	collect: async (ctx, personId, categories) => {
		if (categories && !categories.has(category)) return [];
		const decisions = (await history(ctx, personId)).map((row) => only(consentFields, { ...row }));
		const asked = (await selectRequests(ctx, personId)).map((row) => only(requestFields, row));
		return [
			part('family/consents', ['id', ...consentFields], decisions),
			part('family/evidence-requests', ['id', ...requestFields], asked),
			part('family/locks', ['id', ...lockFields], await locks(ctx, personId))
		];
	},
	restrict: async () => undefined,
	erase: async (ctx, personId, limit) => {
		let destroyed = 0;
		for (const table of tablesOfChild) {
			destroyed += await deleteRows(ctx, table, personId, limit - destroyed);
			if (destroyed >= limit) return { destroyed, done: false };
		}
		return { destroyed, done: true };
	},
	keep: async () => []
};

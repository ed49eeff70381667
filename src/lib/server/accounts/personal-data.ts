// What accounts hold about a person, and how it leaves: last of all, with the person's own row at the very end.
import type { Context } from '../context.ts';
import type { Part, PersonalDataContract, Row } from '../personal-data-contract.ts';
import { nameOf } from './devices.ts';
import { identifiersOf } from './identifiers.ts';
import { find } from './people.ts';
import { countSessions, deleteRows, selectGuardians, tablesOfPerson } from './queries.ts';
import { list } from './sessions.ts';

const category = 'portal.security';

/** What is not a text. */
const typeOf = (id: string): string => {
	if (id.endsWith('At')) return 'instant';
	if (id === 'bornOn') return 'date';
	if (id === 'guardians') return 'objects';
	return id === 'country' ? 'country' : 'text';
};

const part = (path: string, fields: readonly string[], rows: readonly Row[]): Part => ({
	path,
	category,
	source: 'portal',
	expected: rows.length,
	shape: 'document',
	fields: fields.map((id) => ({
		id,
		type: typeOf(id),
		label: `viewer:security.${id}`,
		...(id === 'bornOn' && { optional: true })
	})),

	async *pages() {
		if (rows.length) yield rows;
	}
});

async function account(ctx: Context, personId: string): Promise<Part> {
	const person = await find(ctx, personId);
	const guardians = await selectGuardians(ctx, personId);
	const fields = [
		'externalId',
		'role',
		'state',
		'language',
		'timeZone',
		'country',
		'region',
		'bornOn',
		'createdAt',
		'pausedAt'
	] as const;
	const row: Row = person ? Object.fromEntries(fields.map((field) => [field, person[field]])) : {};
	return part('security/account', [...fields, 'guardians'], person ? [{ ...row, guardians }] : []);
}

/** Sign-in names; a password is not among them, nor its hash: nobody can read it (CL7). */
async function signInMethods(ctx: Context, personId: string): Promise<Part> {
	const identifiers = (await identifiersOf(ctx, personId)).filter(({ kind }) => kind !== 'external');
	return part(
		'security/sign-in-methods',
		['kind', 'value', 'use', 'verifiedAt', 'changedAt'],
		identifiers.map((identifier): Row => ({ ...identifier }))
	);
}

async function sessions(ctx: Context, personId: string): Promise<Part> {
	const rows = (await list(ctx, personId, '')).map(({ userAgent, address, createdAt, seenAt }): Row => {
		const { browser, system } = nameOf(userAgent);
		return { browser, system, address, createdAt, seenAt };
	});
	return part('security/sessions', ['browser', 'system', 'address', 'createdAt', 'seenAt'], rows);
}

export const accountsContract: PersonalDataContract = {
	id: 'accounts',
	tables: tablesOfPerson,
	count: async (ctx, personId) => {
		const identifiers = (await identifiersOf(ctx, personId)).filter(({ kind }) => kind !== 'external');
		return [{ category, records: 1 + identifiers.length + (await countSessions(ctx, personId)) }];
	},
	collect: async (ctx, personId, categories) => {
		if (categories && !categories.has(category)) return [];
		return Promise.all([account(ctx, personId), signInMethods(ctx, personId), sessions(ctx, personId)]);
	},
	restrict: async () => undefined,
	erase: async (ctx, personId, limit) => {
		let destroyed = 0;
		for (const table of tablesOfPerson) {
			destroyed += await deleteRows(ctx, table, personId, limit - destroyed);
			if (destroyed >= limit) return { destroyed, done: false };
		}
		return { destroyed, done: true };
	},
	keep: async () => []
};

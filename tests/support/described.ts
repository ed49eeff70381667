// What an example describes for a role, for tests that hold the pages against it.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadOrganisation } from '../../src/lib/server/organisation/load.ts';
import { categoriesOf, fieldsOf } from '../../src/lib/server/organisation/lookup.ts';
import type { Example } from './running-portal.ts';

const examples = fileURLToPath(new URL('../../examples', import.meta.url));

export function describedBy(example: Example) {
	const loaded = loadOrganisation(join(examples, example), { today: '2026-11-22' });
	if ('problems' in loaded) throw new Error(JSON.stringify(loaded.problems));
	return loaded;
}

/** The categories of a role with the English labels of its fields. */
export function categoriesFor(example: Example, role: string) {
	return categoriesOf(describedBy(example), role).map((category) => ({
		id: category.id,
		kind: category.kind,
		label: category.label['en'] as string,
		fields: fieldsOf(category, role).map((field) => ({ ...field, label: field.label['en'] as string }))
	}));
}

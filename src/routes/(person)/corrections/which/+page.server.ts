import { error } from '@sveltejs/kit';
import { categoriesOf, fieldsOf } from '$lib/server/organisation/lookup';
import * as records from '$lib/server/records/records';

/** Of a record one field is contested at a time: which one is asked here. */
export const load = async ({ locals: { ctx, person }, url }) => {
	const id = url.searchParams.get('record') ?? '';
	const category = categoriesOf(ctx.organisation, person.role).find(
		(one) => one.kind === 'records' && one.id === url.searchParams.get('category')
	);
	const record = category && (await records.find(ctx, person.id, category.id, id));
	if (!record) error(404, { message: 'not-found', code: 'not-found' });
	return { category, fields: fieldsOf(category, person.role), record };
};

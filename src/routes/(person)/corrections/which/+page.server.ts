import { error } from '@sveltejs/kit';
import { categoriesOf, fieldsOf, sourceOf } from '$lib/server/organisation/lookup';
import type { Category } from '$lib/server/organisation/organisation';
import * as records from '$lib/server/records/records';
import * as sources from '$lib/server/sources/sources';

const find = ({ ctx, person }: App.Locals, category: Category, id: string) =>
	sourceOf(ctx.organisation, category.id)
		? sources.find(ctx, person, category.id, id)
		: records.find(ctx, person.id, category.id, id);

/** Of a record one field is contested at a time: which one is asked here. */
export const load = async ({ locals, url }) => {
	const { ctx, person } = locals;
	const id = url.searchParams.get('record') ?? '';
	const category = categoriesOf(ctx.organisation, person.role).find(
		(one) => one.kind === 'records' && one.id === url.searchParams.get('category')
	);
	const record = category && (await find(locals, category, id));
	if (record && 'refused' in record) error(503, { message: record.refused, code: record.refused });
	if (!record) error(404, { message: 'not-found', code: 'not-found' });
	return {
		category,
		fields: fieldsOf(category, person.role),
		record: { id: record.id, at: record.at, fields: record.fields }
	};
};

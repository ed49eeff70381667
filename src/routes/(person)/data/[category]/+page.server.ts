import { error } from '@sveltejs/kit';
import * as corrections from '$lib/server/corrections/corrections';
import { categoriesOf, fieldsOf } from '$lib/server/organisation/lookup';
import * as profile from '$lib/server/profile/profile';
import * as records from '$lib/server/records/records';
import * as visibility from '$lib/server/visibility/visibility';
import { factsOf } from './facts';

const pageSize = 20;

export const load = async ({ locals, params, url }) => {
	const { ctx, person } = locals;
	const category = categoriesOf(ctx.organisation, person.role).find(({ id }) => id === params.category);
	if (!category) error(404, { message: 'not-found', code: 'not-found' });

	const shown = {
		category,
		fields: fieldsOf(category, person.role),
		facts: factsOf(ctx.organisation, category, person.role),
		origins: ctx.organisation.origins
	};
	const contested = await corrections.restricted(ctx, person.id);
	if (category.kind === 'profile')
		return {
			...shown,
			contested,
			values: await profile.values(ctx, person),
			visibilities: await visibility.of(ctx, person)
		};

	const before = url.searchParams.get('before');
	const after = url.searchParams.get('after');
	const page = await records.page(ctx, person, category.id, { before, after, limit: pageSize });
	if ('refused' in page) error(404, { message: 'not-found', code: 'not-found' });
	const until = await records.keptUntilOf(ctx, category.id, page.records);
	return {
		...shown,
		contested,
		page,
		until,
		count: (await records.counts(ctx, person.id)).get(category.id) ?? 0
	};
};

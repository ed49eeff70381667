import { error } from '@sveltejs/kit';
import * as corrections from '$lib/server/corrections/corrections';
import { categoriesOf, fieldsOf, sourceOf } from '$lib/server/organisation/lookup';
import * as profile from '$lib/server/profile/profile';
import * as records from '$lib/server/records/records';
import * as sources from '$lib/server/sources/sources';
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
	if (category.kind === 'profile') {
		const { values, unanswered } = await profile.shown(ctx, person);
		const visibilities = await visibility.of(ctx, person);
		return { ...shown, contested, values, visibilities, unanswered: unanswered.has(category.id) };
	}

	const before = url.searchParams.get('before');
	const after = url.searchParams.get('after');
	if (sourceOf(ctx.organisation, category.id)) {
		const [page, count] = await Promise.all([
			sources.page(ctx, person, category.id, { before, after, limit: pageSize }),
			sources.amount(ctx, person, category)
		]);
		if ('refused' in page) return { ...shown, contested, unanswered: true };
		return { ...shown, contested, page, leftOut: page.leftOut, until: [], count };
	}
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

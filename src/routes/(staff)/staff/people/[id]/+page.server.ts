import { error } from '@sveltejs/kit';
import { fieldsOf } from '$lib/server/organisation/lookup';
import { categoriesOf, roleOf } from '$lib/server/organisation/lookup';
import * as requests from '$lib/server/requests/requests';
import * as staff from '$lib/server/staff/staff';
import { holding } from '../../../../holdings';
import { staffOf } from '../../../../staff-cookie';

export const load = async ({ locals, params }) => {
	const { ctx, translation } = locals;
	const look = await staff.view(ctx, staffOf(locals).member, params.id);
	if ('refused' in look) error(403, { message: look.refused, code: look.refused });
	const { person, values, held, ...rest } = look;
	const fields = categoriesOf(ctx.organisation, person.role)
		.filter(({ kind }) => kind === 'profile')
		.flatMap((category) => fieldsOf(category, person.role));
	return {
		...rest,
		openRequests: await requests.openCount(ctx, params.id),
		person,
		role: translation.text(roleOf(ctx.organisation, person.role)?.label),
		held: held
			.filter(({ records }) => records > 0)
			.map(({ category, records }) => ({ label: holding(locals, category).label, records })),
		values: values && fields.map((field) => ({ field, value: values.get(field.id)?.value }))
	};
};

import { error } from '@sveltejs/kit';
import * as families from '$lib/server/families/families';
import { roleOf } from '$lib/server/organisation/lookup';

/** The sample form that a school hands to parents: printed, signed, and kept by the school. */
export const load = ({ locals: { ctx, person, translation } }) => {
	const form = ctx.organisation.minors?.form;
	if (!form) error(404, { message: 'There is no such form.', code: 'not-found' });
	const children =
		roleOf(ctx.organisation, person.role)?.consentsFor?.[0] ?? ctx.organisation.roles[0]?.id ?? '';
	const { text, tag } = translation;
	return {
		title: text(form.title),
		intro: text(form.intro),
		statement: text(form.statement),
		contact: text(form.contact),
		offer: families.offerOf(ctx, children, 'use', tag),
		policy: new URL('/policy', ctx.settings.origin).href
	};
};

// Promise: what is held and who gets it is described to the end: why a field must be there, what stops without a consent.
import { quote, suggestion } from './problem.ts';
import type { Report } from './problem.ts';
import type { Description } from './schema.ts';
import { each } from './shape.ts';
import type { Loose } from './shape.ts';
import type { Draft } from './validation.ts';

export function checkCategories(draft: Draft, report: Report) {
	const profileFields = new Map<string, string>();
	for (const [c, category] of each(draft.categories))
		for (const [f, field] of each(category.fields)) {
			const path = ['categories', c, 'fields', f];
			if (field.required && !field.requiredBecause)
				report(path, 'A required field must say why.', 'Add requiredBecause: why the service needs it.');
			if (field.type === 'choice' && !field.choices?.length)
				report(
					path,
					'A field of the type choice has nothing to choose from.',
					'Add choices: a list of id and label.'
				);
			const foreign = (field.roles ?? []).filter(
				(role) => role && category.roles && !category.roles.includes(role)
			);
			if (foreign.length)
				report(
					[...path, 'roles'],
					`The category is not for: ${foreign.join(', ')}.`,
					'Add the role to the category, or remove it here.'
				);
			if (category.kind !== 'profile' || !field.id) continue;
			const elsewhere = profileFields.get(field.id);
			if (elsewhere && elsewhere !== category.id)
				report(
					path,
					`The profile has ${quote(field.id)} already, under ${quote(elsewhere)}.`,
					'Give this field an id of its own.'
				);
			profileFields.set(field.id, category.id ?? '');
		}
}

/** Who sees a field until the person chooses is one of what they may choose. */
export function checkVisibility(draft: Draft, report: Report) {
	for (const [c, category] of each(draft.categories))
		for (const [f, { visibility = 'nobody', visibilityChoices }] of each(category.fields)) {
			if (!visibilityChoices || visibilityChoices.includes(visibility)) continue;
			report(
				['categories', c, 'fields', f, 'visibilityChoices'],
				`It is shown to ${quote(visibility)}, which nobody can choose.`,
				`Add ${visibility} to visibilityChoices, or write another visibility.`
			);
		}
}

export function checkIdentifiers(draft: Draft, report: Report) {
	const kinds: string[] = [...each(draft.identifiers)].flatMap(([, { kind }]) => kind ?? []);
	const shown = new Set<string>();
	for (const [c, category] of each(draft.categories))
		for (const [f, { identifier }] of each(category.fields)) {
			if (!identifier) continue;
			const path = ['categories', c, 'fields', f, 'identifier'];
			if (!kinds.includes(identifier))
				report(
					path,
					`Nobody signs in with ${quote(identifier)}.`,
					`Add "- kind: ${identifier}" to identifiers, or remove it here.`
				);
			if (category.kind === 'records')
				report(path, 'Records hold no identifier.', 'Move the field to a category of the kind profile.');
			if (shown.has(identifier))
				report(path, `Another field is ${quote(identifier)} already.`, 'Keep one of the two.');
			shown.add(identifier);
		}
	for (const [i, { kind }] of each(draft.identifiers))
		if (kind && !shown.has(kind))
			report(
				['identifiers', i],
				`${quote(kind)} is held, but no field describes it.`,
				`Add a field with identifier: ${kind} to a profile category.`
			);
}

export function checkPartners(draft: Draft, report: Report) {
	for (const [p, partner] of each(draft.partners)) {
		if (partner.consent && !partner.whenWithdrawn)
			report(
				['partners', p],
				'A partner by consent must say what stops without it.',
				'Add whenWithdrawn, in each language.'
			);
		if (partner.basis === 'consent' && !partner.consent)
			report(
				['partners', p],
				'The basis is consent, but the person is not asked.',
				'Add consent: true and whenWithdrawn, or write another basis.'
			);
		if (partner.consent && partner.basis && partner.basis !== 'consent')
			report(
				['partners', p, 'basis'],
				`The person is asked, but the basis is ${quote(partner.basis)}.`,
				'Write basis: consent, or remove consent: true.'
			);
		for (const [f, given] of each(partner.fields))
			checkGiven(draft, given, ['partners', p, 'fields', f], report);
	}
}

/** Both are called by their id, and a secret hangs on it. */
export function checkListeners(draft: Draft, report: Report) {
	const partners = new Set(each(draft.partners).map(([, { id }]) => id));
	for (const [l, { id }] of each(draft.listeners))
		if (id && partners.has(id))
			report(['listeners', l, 'id'], `A partner is called ${quote(id)} too.`, 'Give it another id.');
}

type Given = Loose<Description['partners'][number]['fields'][number]>;

/** A partner gets described fields only. */
function checkGiven(draft: Draft, { category, field }: Given, path: (string | number)[], report: Report) {
	const described = draft.categories?.find((candidate) => candidate?.id === category)?.fields;
	if (!field || !described) return;
	const ids = [...each(described)].flatMap(([, { id }]) => id ?? []);
	if (ids.includes(field)) return;
	report(
		[...path, 'field'],
		`The category ${quote(category)} has no field ${quote(field)}.`,
		suggestion(field, ids)
	);
}

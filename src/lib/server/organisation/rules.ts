// Promise: a described organisation keeps the rules that the portal enforces for it: nothing refusable without its consequence, nothing late.
import { knownPages } from './pages.ts';
import { quote, suggestion } from './problem.ts';
import type { Report } from './problem.ts';
import type { Description } from './schema.ts';
import type { Loose } from './shape.ts';
import type { Known } from './validation.ts';

/** Days within which each law wants an answer to a request (PIPA Art. 35 to 37, GDPR Art. 12(3), CCPA § 7021, FERPA § 99.10). */
const legalDays: Record<string, number> = {
	pipa: 10,
	gdpr: 30,
	'california-shine-the-light': 30,
	ccpa: 45,
	ferpa: 45
};

type Draft = Loose<Description>;

/** The entries of a list that are left, each with its place. */
export function* each<T>(list: readonly (T | undefined)[] | undefined): Generator<[number, T]> {
	for (const [index, entry] of (list ?? []).entries()) if (entry !== undefined) yield [index, entry];
}

export function checkRules(draft: Draft, known: Known, report: Report): void {
	checkCategories(draft, report);
	checkIdentifiers(draft, report);
	checkPurposes(draft, report);
	checkPartners(draft, report);
	checkTopics(draft, report);
	checkClocks(draft, report);
	checkPromises(draft, known, report);
	if (draft.minors?.age && !Object.hasOwn(draft.minors.age, '*'))
		report(
			['minors', 'age'],
			'There is no age for countries that are not listed.',
			'Add "*": 16, or the age you need.'
		);
}

function checkCategories(draft: Draft, report: Report) {
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

function checkIdentifiers(draft: Draft, report: Report) {
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

function checkPurposes(draft: Draft, report: Report) {
	for (const [p, purpose] of each(draft.purposes)) {
		if (purpose.refusable && !purpose.whenRefused)
			report(
				['purposes', p],
				'A purpose that can be refused must say what stops working.',
				'Add whenRefused, in each language.'
			);
		if (purpose.basis === 'consent' && purpose.refusable === false)
			report(
				['purposes', p],
				'What rests on consent can be refused.',
				'Write refusable: true, or another basis.'
			);
	}
}

function checkPartners(draft: Draft, report: Report) {
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

function checkTopics(draft: Draft, report: Report) {
	for (const [t, topic] of each(draft.topics)) {
		const path = ['topics', t];
		if (topic.essential && !topic.essentialBecause)
			report(
				path,
				"An essential topic must say why it can't be refused.",
				'Add essentialBecause, in each language.'
			);
		if (topic.essential && topic.marketing)
			report(
				path,
				"A topic can't be both essential and marketing.",
				'Remove essential: true; marketing can always be refused.'
			);
		if (topic.essential && topic.default === 'off')
			report([...path, 'default'], 'An essential topic is never off.', 'Write default: on.');
	}
}

/** An organisation may shorten a legal clock, never lengthen it. */
function checkClocks(draft: Draft, report: Report) {
	const clocks = (draft.requests?.regimes ?? []).flatMap((regime) => {
		const days = regime && legalDays[regime];
		return days ? { regime, days } : [];
	});
	const shortest = clocks.sort((a, b) => a.days - b.days)[0];
	if (!shortest) return;
	const limit = `${shortest.regime} allows ${shortest.days} days`;
	const { days } = shortest;
	if ((draft.withdrawal?.graceDays ?? 0) > days)
		report(
			['withdrawal', 'graceDays'],
			`The grace period is too long: ${limit}.`,
			`Write graceDays: ${days}, or fewer.`
		);
	if ((draft.requests?.answerDays ?? 0) > days)
		report(
			['requests', 'answerDays'],
			`The answer would come too late: ${limit}.`,
			`Write answerDays: ${days}, or fewer.`
		);
}

function checkPromises(draft: Draft, known: Known, report: Report) {
	const pages = knownPages(known.categories, known.partners);
	for (const [p, promise] of each(draft.promises)) {
		const path = ['promises', p];
		if (!promise.page && !promise.planned)
			report(
				path,
				'The promise has no page where a person sees it kept.',
				'Add page: the address of a page of the portal, such as /export.'
			);
		if (promise.page && !pages.includes(promise.page))
			report(
				[...path, 'page'],
				`The portal has no page ${quote(promise.page)}.`,
				suggestion(promise.page, pages)
			);
		if (promise.planned && !draft.example)
			report(
				[...path, 'planned'],
				'Only an example may promise what comes later.',
				'Remove planned: true and add the page, or remove the promise.'
			);
	}
}

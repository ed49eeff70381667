// Promise: what is described for children can be kept: an age for every country, and a way for each who is to agree.
import type { Report } from './problem.ts';
import { each } from './shape.ts';
import type { Draft } from './validation.ts';

export function checkMinors(draft: Draft, report: Report) {
	const { minors } = draft;
	const schools = [...each(draft.roles)].filter(([, { consentsFor }]) => consentsFor !== undefined);
	if (!minors) {
		for (const [r] of schools)
			report(
				['roles', r, 'consentsFor'],
				'There are no rules for children to consent to.',
				'Add minors, or remove consentsFor.'
			);
		return;
	}
	checkAges(minors, report);
	const ways = [...each(minors.ways)].map(([, way]) => way);
	if (ways.length && !ways.some(({ covers }) => !covers || covers.includes('use')))
		report(['minors', 'ways'], 'No way covers the use of the service.', 'Write covers: [use] for one.');
	const bySchool = ways.some(({ proof }) => proof === 'school');
	if (schools.length && !bySchool)
		report(
			['minors', 'ways'],
			'A role consents for children, but no way has the proof "school".',
			'Add a way with proof: school, or remove consentsFor.'
		);
	if (bySchool && !minors.form)
		report(['minors'], 'Schools consent, but there is no sample form.', 'Add form, in each language.');
}

function checkAges({ age, majority }: NonNullable<Draft['minors']>, report: Report) {
	if (age && !Object.hasOwn(age, '*'))
		report(
			['minors', 'age'],
			'There is no age for countries that are not listed.',
			'Add "*": 16, or the age you need.'
		);
	if (majority && !Object.hasOwn(majority, '*'))
		report(
			['minors', 'majority'],
			'There is no age for countries that are not listed.',
			'Add "*": 18, or the age you need.'
		);
	for (const [country, years] of Object.entries(age ?? {})) {
		const end = majority?.[country] ?? majority?.['*'] ?? 18;
		if (years !== undefined && years > end)
			report(
				['minors', 'age', country],
				`Whoever is grown up at ${end} would still need a consent.`,
				`Write ${end}, or fewer.`
			);
	}
}

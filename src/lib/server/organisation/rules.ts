// Promise: a described organisation keeps the rules that the portal enforces for it: nothing refusable without its consequence, nothing late.
import {
	checkCategories,
	checkIdentifiers,
	checkListeners,
	checkPartners,
	checkVisibility
} from './data-rules.ts';
import { checkMinors } from './minors-rules.ts';
import { knownPages } from './pages.ts';
import { quote, suggestion } from './problem.ts';
import type { Report } from './problem.ts';
import { each } from './shape.ts';
import { checkSources } from './source-rules.ts';
import type { Draft } from './validation.ts';
import type { Known } from './validation.ts';

/** Days within which each law wants an answer to a request (PIPA Art. 35 to 37, GDPR Art. 12(3), CCPA § 7021, FERPA § 99.10). */
const legalDays: Record<string, number> = {
	pipa: 10,
	gdpr: 30,
	'california-shine-the-light': 30,
	ccpa: 45,
	ferpa: 45
};

export function checkRules(draft: Draft, known: Known, report: Report): void {
	checkCategories(draft, report);
	checkVisibility(draft, report);
	checkIdentifiers(draft, report);
	checkPurposes(draft, report);
	checkPartners(draft, report);
	checkListeners(draft, report);
	checkTopics(draft, report);
	checkQuietHours(draft, report);
	checkReconfirmation(draft, report);
	checkClocks(draft, report);
	checkPromises(draft, known, report);
	checkMinors(draft, report);
	checkSources(draft, report);
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
		if (purpose.refusable === false && isSold(draft, purpose))
			report(
				['purposes', p],
				'What sells or shares data, or picks advertisements, can be refused.',
				'Write refusable: true, with whenRefused.'
			);
	}
}

/** What a browser's signal turns off (objections/signal.ts). */
const isSold = (draft: Draft, { id, sold }: { id?: string | undefined; sold?: boolean | undefined }) =>
	sold === true ||
	each(draft.partners).some(([, { kind, purpose }]) => kind === 'advertising' && purpose === id) ||
	each(draft.cookies).some(([, { necessary, purpose }]) => necessary === false && purpose === id);

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

function checkQuietHours(draft: Draft, report: Report) {
	for (const [q, { from, to }] of each(draft.quietHours))
		if (from && from === to)
			report(
				['quietHours', q, 'to'],
				'Quiet hours that end when they begin are none.',
				'Write another time.'
			);
	for (const [p, { carries, webhook }] of each(draft.partners))
		if (carries && !webhook)
			report(
				['partners', p],
				'Who sends for you must be told of every stop.',
				'Add a webhook, or remove carries.'
			);
}

/** What cannot be refused needs no yes. */
function checkReconfirmation({ reconfirmation, topics }: Draft, report: Report) {
	for (const [t, id] of (reconfirmation?.topics ?? []).entries())
		if (each(topics).some(([, topic]) => topic.id === id && topic.essential))
			report(
				['reconfirmation', 'topics', t],
				"Nobody is asked whether what can't be refused may go on.",
				'Name topics that can be refused.'
			);
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

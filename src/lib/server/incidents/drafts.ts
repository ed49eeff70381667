// Promise: a draft names everything that its law wants to be named, in the reader's language, from what was recorded.
import { translationIn, type Translation } from '../../i18n/catalogues.ts';
import type { Context } from '../context.ts';
import { categoryOf } from '../organisation/lookup.ts';
import { noticeName, type Incident, type Words } from './incident.ts';
import { clockOf } from './clock.ts';
import { byCountry, regimes, sections, type Regime, type Section } from './regimes.ts';

/** In that language, or in whichever there is: late words help nobody. */
const wordsIn = (words: Words, language: string): string =>
	words[language] ?? Object.values(words).find(Boolean) ?? '';

function dataNames(
	{ organisation }: Context,
	codes: readonly string[],
	{ text, list }: Translation
): string[] {
	const byCategory = new Map<string, string[]>();
	for (const code of codes) {
		const [id, field] = code.split('.') as [string, string];
		const described = categoryOf(organisation, id)?.fields.find((candidate) => candidate.id === field);
		if (described) byCategory.set(id, [...(byCategory.get(id) ?? []), text(described.label)]);
	}
	return [...byCategory].map(([id, names]) => `${text(categoryOf(organisation, id)?.label)}: ${list(names)}`);
}

function whenOf({ happenedFrom, happenedTo, knownAt }: Incident, { t, dateTime }: Translation): string {
	const known = t('incidents:draft.known', { at: dateTime(knownAt) });
	if (!happenedFrom) return `${t('incidents:draft.when-unknown')} ${known}`;
	const happened = happenedTo
		? t('incidents:draft.happened-between', { from: dateTime(happenedFrom), to: dateTime(happenedTo) })
		: t('incidents:draft.happened', { from: dateTime(happenedFrom) });
	return `${happened} ${known}`;
}

function contactOf({ organisation }: Context, { t, text }: Translation): string {
	const { officer, name, address } = organisation.organisation;
	const ways = [officer.email, officer.phone, text(address)].filter(Boolean).join(', ');
	return t('incidents:draft.contact', { organisation: text(name), officer: text(officer.name), ways });
}

/** Those who help where that law counts, and those who help everybody. */
function complaintOf({ organisation }: Context, regime: Regime, { t, text, list }: Translation): string {
	const names = organisation.organisation.authorities
		.filter(({ countries }) => countries.some((country) => country === '*' || byCountry(country) === regime))
		.map(({ name }) => text(name));
	return t('incidents:draft.complaint', { authorities: list(names) });
}

function sectionText(
	ctx: Context,
	incident: Incident,
	{ section, regime }: { section: Section; regime: Regime },
	translation: Translation
): string {
	const { t, tag } = translation;
	if (section === 'data') return dataNames(ctx, incident.fields, translation).join('\n');
	if (section === 'when') return whenOf(incident, translation);
	if (section === 'contact') return contactOf(ctx, translation);
	if (section === 'complaint') return complaintOf(ctx, regime, translation);
	if (section === 'remedies') return t('incidents:draft.remedies');
	return wordsIn(incident[section], tag) || t(`incidents:draft.default.${section}`);
}

/** A notice to a person: paragraphs, each under its heading. */
export function noticeDraft(ctx: Context, incident: Incident, regime: Regime, language: string): string {
	const translation = translationIn(language);
	const { t, text } = translation;
	const drill = incident.isDrill ? [t('incidents:draft.drill')] : [];
	const organisation = text(ctx.organisation.organisation.name);
	const parts = sections[regime].flatMap((section) => [
		t(`incidents:heading.${section}`),
		sectionText(ctx, incident, { section, regime }, translation)
	]);
	return [...drill, t(`incidents:draft.opening.${regime}`, { organisation }), ...parts].join('\n\n');
}

/** What the authority is told (GDPR Art. 33(3); PIPA Art. 34(3) with Decree Art. 40), in the language of whoever reads it. */
export function authorityDraft(ctx: Context, incident: Incident, regime: Regime, language: string): string {
	const translation = translationIn(language);
	const { t, text, number, dateTime } = translation;
	const { name, address } = ctx.organisation.organisation;
	const clock = clockOf(ctx, incident);
	const late = clock.state === 'over' || clock.state === 'late' ? [t('incidents:authority.late')] : [];
	const parts = (['what', 'when', 'data', 'consequences', 'measures', 'contact'] as const).flatMap(
		(section) => [
			t(`incidents:heading.${section}`),
			sectionText(ctx, incident, { section, regime }, translation)
		]
	);
	return [
		...(incident.isDrill ? [t('incidents:draft.drill')] : []),
		t(`incidents:authority.opening.${regime}`, { organisation: text(name), address: text(address) }),
		t('incidents:authority.due', { at: dateTime(clock.dueAt) }),
		t('incidents:authority.people', { count: incident.found, number: number(incident.found) }),
		...parts,
		...late
	].join('\n\n');
}

/** The notice that a person of that law and language gets: as it was edited, else the draft. */
export const noticeIn = (ctx: Context, incident: Incident, regime: Regime, language: string): string =>
	incident.notices[noticeName(regime, language)] ?? noticeDraft(ctx, incident, regime, language);

/** Every notice, so that what is sent stays what was decided. */
export function allNotices(ctx: Context, incident: Incident): Record<string, string> {
	const languages = ctx.organisation.languages;
	return Object.fromEntries(
		regimes.flatMap((regime) =>
			languages.map((language) => [noticeName(regime, language), noticeIn(ctx, incident, regime, language)])
		)
	);
}

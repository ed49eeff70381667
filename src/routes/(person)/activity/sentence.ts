// What an audit event says in the person's language: codes become names, instants dates, numbers numbers.
import type { Translation } from '$lib/i18n/catalogues';
import type { AuditEvent } from '$lib/server/audit/audit';
import {
	categoryOf,
	consentWayOf,
	originOf,
	partnerOf,
	purposeOf,
	roleOf
} from '$lib/server/organisation/lookup';
import type { Organisation } from '$lib/server/organisation/organisation';
import type { IconName } from '$lib/ui/icons';
import { valueText } from '../data/value-text';
import { nameOfLetter } from '../../letter-name';
import { nameOfPage } from '../../page-names';

type Details = AuditEvent['details'];

/** The sentence of an event; one that no catalogue knows is told by its code. */
export function sentenceOf(
	translation: Translation,
	organisation: Organisation,
	{ kind, details }: AuditEvent
): string {
	const { t, has } = translation;
	const key = `activity:event.${kind}`;
	const isTold = has(key) || (typeof details['count'] === 'number' && has(`${key}_other`));
	return isTold ? t(key, namedDetails(translation, organisation, details)) : t('activity:other', { kind });
}

function namedDetails(translation: Translation, organisation: Organisation, details: Details): Details {
	return Object.fromEntries(
		Object.entries(details).map(([name, value]) => [name, named(translation, organisation, name, value)])
	);
}

function named(
	translation: Translation,
	organisation: Organisation,
	name: string,
	value: string | number
): string | number {
	const { t, has, text, date, dateTime, bytes } = translation;
	if (typeof value === 'number') return name === 'bytes' ? bytes(value) : value;
	if (/^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/.test(value)) return dateTime(value);
	if (/^\d{4}-\d{2}-\d{2}$/.test(value)) return date(value);
	if (name === 'field') return text(fieldOf(organisation, value)?.label) || value;
	if (name === 'category') return text(categoryOf(organisation, value)?.label) || value;
	if (name === 'purpose') return text(purposeOf(organisation, value)?.label) || value;
	if (name === 'partner') return partnerOf(organisation, value)?.name ?? value;
	if (name === 'origin') return text(originOf(organisation, value)?.label) || value;
	if (name === 'kind' && has(`requests:kind.${value}`)) return t(`requests:kind.${value}`);
	if (name === 'because' && has(`sharing:refused.${value}`)) return t(`sharing:refused.${value}`);
	if (name === 'letter') return nameOfLetter(translation, organisation, { template: value });
	if (name === 'reason' && has(`staff:reason.${value}`)) return t(`staff:reason.${value}`);
	if (name === 'role') return text(roleOf(organisation, value)?.label) || value;
	if (name === 'channel') return text(organisation.channels.find(({ id }) => id === value)?.label) || value;
	if (name === 'way') return text(consentWayOf(organisation, value)?.label) || value;
	if (name === 'page' && has(`common:navigation.${value.split('/')[1] || 'overview'}`))
		return nameOfPage(translation, value);
	return value;
}

/** By its code `category.field`, or by its id alone for one of the profile. */
function fieldOf({ categories }: Organisation, code: string) {
	const [id, category] = code.split('.').reverse();
	return categories
		.filter((one) => (category === undefined ? one.kind === 'profile' : one.id === category))
		.flatMap(({ fields }) => fields)
		.find((field) => field.id === id);
}

/** The old and the new value of a change to the profile. */
export function changeOf(
	translation: Translation,
	organisation: Organisation,
	{ details }: AuditEvent
): string | undefined {
	const { field, before, after } = details;
	const described = typeof field === 'string' ? fieldOf(organisation, field) : undefined;
	if (!described || typeof before !== 'string' || typeof after !== 'string') return undefined;
	const values = {
		before: valueText(translation, described, before),
		after: valueText(translation, described, after)
	};
	const key = after === '' ? 'erased' : before === '' ? 'first' : 'change';
	return translation.t(`activity:detail.${key}`, values);
}

/** Who did it, as a key of the catalogue. */
export function actorOf(actor: string, personId: string): 'you' | 'person' | 'portal' | 'system' | 'staff' {
	if (actor === `person:${personId}`) return 'you';
	const [kind] = actor.split(':');
	return kind === 'person' || kind === 'system' || kind === 'staff' ? kind : 'portal';
}

const icons: [RegExp, IconName][] = [
	[/^(session|sessions|identity|recovery|password)/, 'lock'],
	[/-change-asked$|^(email|phone|username)-/, 'key'],
	[/^profile-erased|-expired$|erasing/, 'trash'],
	[/^profile|^account|^guardians/, 'person'],
	[/^(family|guardianship|came-of-age|may-decide|child)/, 'person'],
	[/^request/, 'message'],
	[/^correction/, 'pencil'],
	[/^(purpose|visibility)/, 'eye'],
	[/^export/, 'download'],
	[/^(disclosure|consent)/, 'share'],
	[/^preferences/, 'bell'],
	[/^support|^staff/, 'eye'],
	[/^withdrawal/, 'leave'],
	[/^policy/, 'document'],
	[/^paused/, 'pause']
];

export const iconOf = (kind: string): IconName =>
	icons.find(([pattern]) => pattern.test(kind))?.[1] ?? 'activity';

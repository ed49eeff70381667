// Codes that the portal's own files hold, in the words of the person's language; what no catalogue knows stays a code.
import type { Translation } from '../../../i18n/catalogues.ts';
import { categoryOf, originOf, partnerOf, purposeOf, roleOf, topicOf } from '../../organisation/lookup.ts';
import type { Organisation } from '../../organisation/organisation.ts';
import type { Row } from '../../personal-data-contract.ts';

interface Speaking {
	organisation: Organisation;
	translation: Translation;
}

type Telling = (speaking: Speaking, code: string) => string | undefined;

/** The first text of the catalogues that there is. */
const inCatalogue =
	(...keys: ((code: string) => string)[]): Telling =>
	({ translation: { t, has } }, code) => {
		const key = keys.map((keyOf) => keyOf(code)).find((key) => has(key));
		return key && t(key);
	};

const role: Telling = ({ organisation, translation }, code) =>
	translation.text(roleOf(organisation, code)?.label);
const partner: Telling = ({ organisation }, code) => partnerOf(organisation, code)?.name;
const purpose: Telling = ({ organisation, translation }, code) =>
	translation.text(purposeOf(organisation, code)?.label);
const topic: Telling = ({ organisation, translation }, code) =>
	translation.text(topicOf(organisation, code)?.label);
const channel: Telling = ({ organisation, translation }, code) =>
	translation.text(organisation.channels.find(({ id }) => id === code)?.label) ||
	inCatalogue(
		(code) => `requests:channel.${code}`,
		(code) => `sent:way.${code}`
	)({ organisation, translation }, code);
const language: Telling = ({ translation }, code) => translation.languageName(code);
const origin: Telling = ({ organisation, translation }, code) =>
	translation.text(originOf(organisation, code)?.label) ||
	inCatalogue((code) => `messages:origin.${code}`)({ organisation, translation }, code);
const page: Telling = ({ translation: { t, has } }, code) => {
	const name = `common:navigation.${code.split('/')[1] || 'overview'}`;
	return has(name) ? t(name) : undefined;
};

/** `category.field`, or a category alone. */
export const flowName: Telling = ({ organisation, translation }, code) => {
	const [id = '', field] = code.split('.');
	const category = categoryOf(organisation, id);
	if (!category) return undefined;
	const label = category.fields.find((one) => one.id === field)?.label;
	return label
		? `${translation.text(category.label)}: ${translation.text(label)}`
		: translation.text(category.label);
};

/** What an export was made of: categories of the description, and what the portal itself keeps. */
export const holdings: Telling = (speaking, code) =>
	speaking.translation.list(
		code
			.split(' ')
			.filter(Boolean)
			.map(
				(id) =>
					flowName(speaking, id) ??
					inCatalogue((code) => `common:holding.${code}`)(speaking, id.replace(/^portal\./, '')) ??
					id
			)
	);

/** By the path of the file (`*`: any) and the field. */
const tellers: Readonly<Record<string, Readonly<Record<string, Telling>>>> = {
	exports: { state: inCatalogue((code) => `export:state.${code}`), categories: holdings },
	requests: {
		kind: inCatalogue((code) => `requests:kind.${code}`),
		state: inCatalogue(
			(code) => `requests:state.${code}`,
			(code) => `staff:requests.state-of.${code}`
		),
		rule: inCatalogue((code) => `requests:rule.${code}`),
		decision: inCatalogue((code) => `requests:decision.${code}`),
		ground: inCatalogue((code) => `requests:ground.${code}`)
	},
	corrections: {
		field: flowName,
		state: inCatalogue((code) => `corrections:state.${code}`),
		decision: inCatalogue((code) => `corrections:decision.${code}`)
	},
	visibility: { field: flowName, viewers: inCatalogue((code) => `data:value.visible.${code}`) },
	'messages/history': {
		state: inCatalogue((code) => `sent:state.${code}`),
		template: inCatalogue((code) => `sent:about.${code}`)
	},
	'messages/replies': {
		state: inCatalogue((code) => `staff:replies.state-of.${code}`),
		kind: inCatalogue((code) => `staff:replies.kind.${code}`)
	},
	'security/sign-in-methods': { kind: inCatalogue((code) => `security:kind.${code}`) },
	'security/account': { state: inCatalogue((code) => `staff:state.${code}`) },
	'security/staff-looks': { reason: inCatalogue((code) => `staff:reason.${code}`) },
	'family/consents': {
		scope: inCatalogue((code) => `family:scope.${code}`),
		decision: inCatalogue((code) => `family:decision.${code}`)
	},
	'sharing/consents': { decision: inCatalogue((code) => `sharing:consent.state.${code}`) },
	'*': {
		partner,
		purpose,
		role,
		topic,
		channel,
		language,
		origin,
		page,
		country: ({ translation }, code) => translation.country(code),
		basis: inCatalogue((code) => `viewer:basis.${code}`),
		fields: flowName
	}
};

/** A code of one of the portal's own files in words; undefined where it is none. What others call the same is theirs. */
export function told(speaking: Speaking, path: string, field: string, code: string): string | undefined {
	const teller = tellers[path]?.[field] ?? tellers['*']?.[field];
	return teller?.(speaking, code) || undefined;
}

/** What an event of the activity says, its codes in words. */
export function eventSentence(speaking: Speaking, { kind, details }: Row): string {
	const { t, has } = speaking.translation;
	const given = (details ?? {}) as Record<string, string | number>;
	const named = Object.fromEntries(
		Object.entries(given).map(([name, value]) => [name, inEvent(speaking, name, value)])
	);
	const key = `activity:event.${String(kind)}`;
	const isTold = has(key) || (typeof given.count === 'number' && has(`${key}_other`));
	return isTold ? t(key, named) : t('activity:other', { kind: String(kind) });
}

const inEvents: Readonly<Record<string, Telling>> = {
	field: (speaking, code) => flowName(speaking, code) ?? profileField(speaking, code),
	category: flowName,
	kind: inCatalogue((code) => `requests:kind.${code}`),
	because: inCatalogue((code) => `sharing:refused.${code}`),
	letter: inCatalogue((code) => `sent:about.${code}`),
	reason: inCatalogue((code) => `staff:reason.${code}`)
};

function profileField({ organisation, translation }: Speaking, id: string): string | undefined {
	const fields = organisation.categories
		.filter(({ kind }) => kind === 'profile')
		.flatMap(({ fields }) => fields);
	return translation.text(fields.find((field) => field.id === id)?.label);
}

function inEvent(speaking: Speaking, name: string, value: string | number): string | number {
	const { date, dateTime, bytes } = speaking.translation;
	if (typeof value === 'number') return name === 'bytes' ? bytes(value) : value;
	if (/^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/.test(value)) return dateTime(value);
	if (/^\d{4}-\d{2}-\d{2}$/.test(value)) return date(value);
	return inEvents[name]?.(speaking, value) || told(speaking, '*', name, value) || value;
}

// Promise: the HTML and the text of a mail say the same, ask nothing of anybody else's server, and read in either direction.
import { translationIn, type Translation } from '../../i18n/catalogues.ts';
import type { Context } from '../context.ts';
import { topicOf } from '../organisation/lookup.ts';
import { stylesOf } from './mail-styles.ts';
import { pages, type Letter, type LetterValues, type Template } from './letters.ts';

export interface Written {
	subject: string;
	text: string;
	html: string;
	/** The same in one short text message. */
	sms: string;
}

type Writer = Pick<Context, 'organisation' | 'settings'>;
type Wrap = (value: string, name: string) => string;

const escapes: Record<string, string> = {
	'&': '&amp;',
	'<': '&lt;',
	'>': '&gt;',
	'"': '&quot;',
	"'": '&#39;'
};
const escaped = (text: string): string =>
	text.replace(/[&<>"']/g, (character) => escapes[character] as string);

/** Names and codes keep their own direction inside a sentence of the other. */
const inHtml: Wrap = (value) => `<bdi>${escaped(value).replaceAll('\n', '<br>')}</bdi>`;
const inText: Record<Translation['direction'], Wrap> = {
	ltr: (value) => value,
	rtl: (value, name) => (name === 'code' ? value : `\u2068${value}\u2069`)
};

/** What turns the direction of everything behind it, and so could make a name read as another one. */
const withoutOverrides = (text: string): string => text.replace(/[\u202a-\u202e]/g, '');

/** One line, whatever stands in the values: a header ends where a line does. */
const asLine = (text: string): string =>
	withoutOverrides(text)
		.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ')
		.trim();

function readable({ date, dateTime }: Translation, name: string, value: string | number): string {
	if (name.endsWith('At')) return dateTime(String(value));
	return name.endsWith('On') ? date(String(value)) : withoutOverrides(String(value));
}

/** A value of several paragraphs is wrapped paragraph by paragraph. */
const inParagraphs = (value: string, wrap: (paragraph: string) => string): string =>
	value.split('\n\n').map(wrap).join('\n\n');

/** The values as the reader writes them; `count` stays a number, because the plural form hangs on it. */
function wrapped(translation: Translation, values: LetterValues, wrap: Wrap): LetterValues {
	const entries = Object.entries(values).map(([name, value]) => [
		name,
		name === 'count' ? value : inParagraphs(readable(translation, name, value), (text) => wrap(text, name))
	]);
	return Object.fromEntries(entries) as LetterValues;
}

function linkTo({ settings }: Writer, path: string, language: string): string {
	const url = new URL(path, settings.origin);
	url.searchParams.set('lang', language);
	return url.href;
}

/** Why somebody gets the letter, and why they cannot refuse it where they cannot; not everybody who does has an account. */
function reasonOf({ has }: Translation, template: Template, letter: Letter): string {
	if (letter.unsubscribeUrl) return 'mail:foot.topic';
	if (letter.topic) return 'mail:foot.essential';
	return has(`mail:${template}.why`) ? `mail:${template}.why` : 'mail:foot.account';
}

/** The letter's values, beside what the description says: who writes, what the topic is called, why it cannot be refused. */
function valuesOf({ organisation }: Writer, { text }: Translation, letter: Letter): LetterValues {
	const topic = letter.topic ? topicOf(organisation, letter.topic) : undefined;
	const named = topic && { topic: text(topic.label), because: text(topic.essentialBecause) };
	return { organisation: text(organisation.organisation.name), ...named, ...letter.values };
}

/** Whoever gets these has no account (any more) in which they could decide about messages. */
const withoutAccount: ReadonlySet<Template> = new Set([
	'withdrawal-done',
	'withdrawal-done-here',
	'mail-received'
]);

/** The letter in words: paragraphs, one button, and the foot that says who writes, why, and where to decide. */
function partsOf(writer: Writer, template: Template, letter: Letter, translation: Translation, wrap: Wrap) {
	const { t, text } = translation;
	const organisation = writer.organisation.organisation;
	const values = wrapped(translation, valuesOf(writer, translation, letter), wrap);
	const path = letter.path ?? pages[template];
	const link = (label: string, url: string) => ({ label: t(label, values), url });
	const foot = withoutAccount.has(template)
		? []
		: [link('mail:foot.settings', linkTo(writer, '/messages', letter.language))];
	if (letter.unsubscribeUrl) foot.unshift(link('mail:foot.unsubscribe', letter.unsubscribeUrl));
	return {
		paragraphs: t(`mail:${template}.body`, values).split('\n\n'),
		button: path ? link(`mail:${template}.action`, linkTo(writer, path, letter.language)) : undefined,
		why: t(reasonOf(translation, template, letter), values),
		from: [organisation.name, organisation.address].map((line) => wrap(text(line), 'from')),
		foot
	};
}

type Parts = ReturnType<typeof partsOf>;

/** Within its marks of direction; longer ones are set smaller, so that they stay on one line. */
const longCode = inHtml('12345678', '').length;

function textOf({ paragraphs, button, why, from, foot }: Parts): string {
	const links = [...(button ? [button] : [])].map(({ label, url }) => `${label}:\n${url}`);
	const footLinks = foot.map(({ label, url }) => `${label}:\n${url}`);
	return `${[...paragraphs, ...links, '-- ', why, ...footLinks, from.join('\n')].join('\n\n')}\n`.replace(
		'-- \n\n',
		'-- \n'
	);
}

function htmlOf(
	writer: Writer,
	subject: string,
	{ paragraphs, button, why, from, foot }: Parts,
	{ tag, direction }: Translation,
	code: string
): string {
	const anchor = ({ label, url }: { label: string; url: string }, look = '') =>
		`<a${look} href="${escaped(url)}">${label}</a>`;
	const look = code.length > longCode ? 'code long' : 'code';
	const body = paragraphs.map((paragraph) =>
		paragraph === code ? `<p class="${look}" dir="ltr">${paragraph}</p>` : `<p>${paragraph}</p>`
	);
	if (button) body.push(`<p>${anchor(button, ' class="button"')}</p>`);
	const links = foot.length ? `<p>${foot.map((link) => anchor(link)).join('<br>')}</p>` : '';
	return [
		`<!doctype html>`,
		`<html lang="${tag}" dir="${direction}">`,
		`<head><meta charset="utf-8"><meta name="viewport" content="width=device-width">`,
		`<meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark">`,
		`<title>${escaped(subject)}</title>`,
		`<style>${stylesOf(writer.organisation.organisation.look.colour)}</style></head>`,
		`<body><div class="mail" lang="${tag}" dir="${direction}">`,
		`<p class="from">${from[0] ?? ''}</p>`,
		`<h1>${escaped(subject)}</h1>`,
		...body,
		`<div class="foot"><p>${why}</p>${links}<p>${from.join('<br>')}</p></div>`,
		`</div></body></html>`
	].join('\n');
}

/** Writes a letter in its language, ready for any transport. */
export function writeLetter(writer: Writer, template: Template, letter: Letter): Written {
	const translation = translationIn(letter.language, letter.timeZone);
	const { t, has } = translation;
	const plain = wrapped(translation, valuesOf(writer, translation, letter), (value) => value);
	const subject = asLine(t(`mail:${template}.subject`, plain));
	const parts = (wrap: Wrap) => partsOf(writer, template, letter, translation, wrap);
	const code = inHtml(String(letter.values.code ?? ''), 'code');
	const textParts = parts(inText[translation.direction]);
	return {
		subject,
		text: textOf(textParts),
		html: htmlOf(writer, subject, parts(inHtml), translation, code),
		sms: has(`mail:${template}.sms`)
			? t(`mail:${template}.sms`, plain)
			: [subject, textParts.button?.url].filter(Boolean).join(' ')
	};
}

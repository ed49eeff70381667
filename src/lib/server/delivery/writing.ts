// Promise: the HTML and the text of a mail say the same, ask nothing of anybody else's server, and read in either direction.
import { translationIn, type Translation } from '../../i18n/catalogues.ts';
import type { Context } from '../context.ts';
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

function readable({ date, dateTime }: Translation, name: string, value: string | number): string {
	if (name.endsWith('At')) return dateTime(String(value));
	return name.endsWith('On') ? date(String(value)) : String(value);
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

/** Why somebody gets the letter; not everybody who does has an account. */
function reasonOf({ has }: Translation, template: Template, letter: Letter): string {
	if (has(`mail:${template}.why`)) return `mail:${template}.why`;
	return letter.unsubscribeUrl ? 'mail:foot.topic' : 'mail:foot.account';
}

/** The letter in words: paragraphs, one button, and the foot that says who writes, why, and where to decide. */
function partsOf(writer: Writer, template: Template, letter: Letter, translation: Translation, wrap: Wrap) {
	const { t, text } = translation;
	const organisation = writer.organisation.organisation;
	const values = wrapped(translation, { organisation: text(organisation.name), ...letter.values }, wrap);
	const path = letter.path ?? pages[template];
	const link = (label: string, url: string) => ({ label: t(label, values), url });
	const foot = [link('mail:foot.settings', linkTo(writer, '/messages', letter.language))];
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
	const body = paragraphs.map((paragraph) =>
		paragraph === code ? `<p class="code" dir="ltr">${paragraph}</p>` : `<p>${paragraph}</p>`
	);
	if (button) body.push(`<p>${anchor(button, ' class="button"')}</p>`);
	return [
		`<!doctype html>`,
		`<html lang="${tag}" dir="${direction}">`,
		`<head><meta charset="utf-8"><meta name="viewport" content="width=device-width">`,
		`<meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark">`,
		`<title>${escaped(subject)}</title>`,
		`<style>${stylesOf(writer.organisation.organisation.look.colour)}</style></head>`,
		`<body><div class="mail">`,
		`<p class="from">${from[0] ?? ''}</p>`,
		`<h1>${escaped(subject)}</h1>`,
		...body,
		`<div class="foot"><p>${why}</p><p>${foot.map((link) => anchor(link)).join('<br>')}</p><p>${from.join('<br>')}</p></div>`,
		`</div></body></html>`
	].join('\n');
}

/** Writes a letter in its language, ready for any transport. */
export function writeLetter(writer: Writer, template: Template, letter: Letter): Written {
	const translation = translationIn(letter.language, letter.timeZone);
	const { t, text, has } = translation;
	const plain = wrapped(
		translation,
		{ organisation: text(writer.organisation.organisation.name), ...letter.values },
		(value) => value
	);
	const subject = t(`mail:${template}.subject`, plain);
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

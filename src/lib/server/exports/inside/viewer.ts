// Promise: index.html opens from the unpacked folder without network and without script, in the person's language, and prints.
import type { Context } from '../../context.ts';
import { translationIn } from '../../../i18n/catalogues.ts';
import {
	categoryOf,
	originOf,
	purposeOf,
	recipientsOf,
	retentionOf,
	storageOf
} from '../../organisation/lookup.ts';
import type { Category } from '../../organisation/organisation.ts';
import type { Part, Row } from '../../personal-data-contract.ts';
import type { ViewedPart } from '../job.ts';
import { html, Html } from './html.ts';
import { labelOf } from './json-schema.ts';
import { style } from './viewer-style.ts';
import { valueOf, type Viewing } from './viewer-values.ts';

/** A part with the first rows of it, which the page shows. */
export interface ShownPart extends ViewedPart {
	shown: readonly Row[];
}

const nameOf = ({ ctx, translation }: Viewing, { path, category }: Part): string => {
	const described = categoryOf(ctx.organisation, category);
	if (described) return translation.text(described.label);
	const key = `viewer:part.${path.replaceAll('/', '-')}`;
	return translation.has(key) ? translation.t(key) : path;
};

const idOf = ({ path }: Part) => path.replaceAll('/', '-');

/** As the description orders its categories, then what the portal itself keeps. */
function inOrder({ organisation }: Context, parts: readonly ShownPart[]): ShownPart[] {
	const ids = organisation.categories.map(({ id }) => id);
	const place = ({ part }: ShownPart) =>
		ids.includes(part.category) ? ids.indexOf(part.category) : ids.length;
	return parts.toSorted((one, other) => place(one) - place(other));
}

function table(viewing: Viewing, { part, shown }: ShownPart): Html {
	const language = viewing.translation.tag;
	const heads = part.fields.map(({ label }) => html`<th scope="col">${labelOf(label, language)}</th>`);
	const rows = shown.map(
		(row) =>
			html`<tr>
				${part.fields.map(({ id, type, label }) => html`<td data-label="${labelOf(label, language)}">${valueOf(viewing, part, { id, type }, row[id])}</td>`)}
			</tr> `
	);
	return html`<div class="scroll">
		<table>
			<thead>
				<tr>
					${heads}
				</tr>
			</thead>
			<tbody>
				${rows}
			</tbody>
		</table>
	</div>`;
}

/** One row, as for a profile, reads better as a list of facts. */
function facts(viewing: Viewing, { part, shown }: ShownPart): Html {
	const row = shown[0] ?? {};
	return html`<dl>
		${part.fields.map(
			({ id, type, label }) =>
				html`<div>
					<dt>${labelOf(label, viewing.translation.tag)}</dt>
					<dd>${valueOf(viewing, part, { id, type }, row[id])}</dd>
				</div>`
		)}
	</dl>`;
}

/** Purposes, origin, storage, duration, recipients: GDPR Art. 15(1). */
function circumstances({ ctx, translation }: Viewing, category: Category): Html {
	const { t, text, list, country } = translation;
	const { organisation } = ctx;
	const storage = storageOf(organisation, category.storage);
	const purposes = category.purposes
		.map((id) => purposeOf(organisation, id))
		.filter((purpose) => purpose !== undefined);
	const partners = [
		...new Set(
			organisation.roles.flatMap(({ id }) => recipientsOf(organisation, category, id).map(({ name }) => name))
		)
	];
	const lines: [string, string][] = [
		[
			t('viewer:fact.purposes'),
			list(purposes.map(({ label, basis }) => `${text(label)} (${t(`viewer:basis.${basis}`)})`))
		],
		[t('viewer:fact.origin'), list(category.origins.map((id) => text(originOf(organisation, id)?.label)))],
		[t('viewer:fact.storage'), storage ? `${storage.provider}, ${country(storage.country)}` : ''],
		[t('viewer:fact.retention'), text(retentionOf(organisation, category.retention)?.label)],
		[t('viewer:fact.recipients'), partners.length ? list(partners) : t('viewer:fact.nobody')]
	];
	return html`<details>
		<summary>${t('viewer:fact.summary')}</summary>
		<dl>
			${lines.map(
				([term, value]) =>
					html`<div>
						<dt>${term}</dt>
						<dd>${value}</dd>
					</div>`
			)}
		</dl>
	</details>`;
}

function section(viewing: Viewing, viewed: ShownPart): Html {
	const { t, number, text } = viewing.translation;
	const { part, shown, files } = viewed;
	const category = categoryOf(viewing.ctx.organisation, part.category);
	const records = files[0]?.records ?? 0;
	const partial =
		files[0]?.complete === false
			? html`<p class="partial">
					${t('viewer:partial', { included: number(records), expected: number(part.expected ?? 0) })}
				</p>`
			: '';
	const more =
		records > shown.length
			? html`<p class="more">${t('viewer:more', { shown: number(shown.length), all: number(records) })}</p>`
			: '';
	const body =
		shown.length === 0
			? html`<p class="none">${t('viewer:empty')}</p>`
			: shown.length === 1 && records === 1
				? facts(viewing, viewed)
				: table(viewing, viewed);
	return html` <section id="${idOf(part)}">
		<h2>
			${nameOf(viewing, part)}
			<span class="count">${t('viewer:entries', { count: records, number: number(records) })}</span>
		</h2>
		${category ? html`<p class="about">${text(category.about)}</p>` : ''}${partial}${body}${more}
		<p class="files">
			${t('viewer:files')} ${files.map(({ path }) => html`<a href="${path}">${path.split('/').at(-1)}</a> `)}
		</p>
		${category ? circumstances(viewing, category) : ''}
	</section>`;
}

/** The page, whole. */
export function viewer(
	ctx: Context,
	job: { language: string; timeZone: string },
	parts: readonly ShownPart[]
): string {
	const translation = translationIn(job.language, job.timeZone);
	const viewing = { ctx, translation };
	const { t, number } = translation;
	const organisation = translation.text(ctx.organisation.organisation.name);
	const ordered = inOrder(ctx, parts);
	const contents = ordered.map(
		({ part, files }) =>
			html`<li>
				<a href="#${idOf(part)}">${nameOf(viewing, part)}</a>
				<span class="count">${number(files[0]?.records ?? 0)}</span>
			</li> `
	);
	const page = html`<!doctype html>
		<html lang="${translation.tag}" dir="${translation.direction}">
			<head>
				<meta charset="utf-8" />
				<meta name="viewport" content="width=device-width, initial-scale=1" />
				<meta name="color-scheme" content="light dark" />
				<meta
					http-equiv="Content-Security-Policy"
					content="default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:"
				/>
				<title>${t('viewer:title', { organisation })}</title>
				<style>
					:root{--brand:${ctx.organisation.organisation.look.colour}}${new Html(style)}
				</style>
			</head>
			<body>
				<header>
					<h1>${t('viewer:title', { organisation })}</h1>
					<p>${t('viewer:lead', { organisation, date: translation.dateTime(ctx.clock.now()) })}</p>
				</header>
				<nav aria-label="${t('viewer:contents')}">
					<h2>${t('viewer:contents')}</h2>
					<ol>
						${contents}
					</ol>
					<p class="files"><a href="manifest.json">manifest.json</a> ${t('viewer:manifest')}</p>
				</nav>
				<main>${ordered.map((part) => section(viewing, part))}</main>
			</body>
		</html> `;
	return page.text;
}

// Promise: a page per category with everything in words, some hundred rows a page, and never more pages than somebody reads.
import { categoryOf, partnerOf } from '../../organisation/lookup.ts';
import type { Row } from '../../personal-data-contract.ts';
import type { ViewedPart } from '../job.ts';
import { spanSentence } from './chosen.ts';
import { factsOf } from './facts.ts';
import { framed } from './frame.ts';
import { html, type Html } from './html.ts';
import { missingOf } from './missing.ts';
import { picturesOf } from './pictures.ts';
import { writerOf } from './values.ts';
import { labelOf } from './names.ts';
import { nameOf, pagePath, type View } from './view.ts';

const rowsAPage = 500;
/** What follows stands in the files alone: nobody turns more pages, and a million rows would take longer than the ZIP. */
const pagesAtMost = 10;

export const shownAtMost = rowsAPage * pagesAtMost;

interface Turn {
	number: number;
	last: number;
}

const cell = (label: string, value: Html) => html`<td data-label="${label}">${value}</td>`;

function table(view: View, { part }: ViewedPart, rows: readonly Row[]): Html {
	const write = writerOf(view, part);
	const labels = part.fields.map(({ label }) => labelOf(view.translation, label));
	const heads = labels.map((label) => html`<th scope="col">${label}</th>`);
	const lines = rows.map(
		(row) =>
			html`<tr>
				${part.fields.map((field, at) => cell(labels[at] as string, write(field, row)))}
			</tr>`
	);
	return html`<div class="scroll" tabindex="0" role="region" aria-label="${nameOf(view, part)}">
		<table>
			<thead>
				<tr>
					${heads}
				</tr>
			</thead>
			<tbody>
				${lines}
			</tbody>
		</table>
	</div>`;
}

/** One row, as for a profile, reads better as a list; so does what has long texts in it. */
function lists(view: View, { part }: ViewedPart, rows: readonly Row[]): Html {
	const write = writerOf(view, part);
	return html`${rows.map(
		(row) =>
			html`<dl>
				${part.fields.map(
					(field) =>
						html`<div>
							<dt>${labelOf(view.translation, field.label)}</dt>
							<dd>${write(field, row)}</dd>
						</div>`
				)}
			</dl>`
	)}`;
}

const holdsThreads = ({ part }: ViewedPart) => part.fields.some(({ type }) => type === 'objects');

function rowsOf(view: View, viewed: ViewedPart, rows: readonly Row[], turn: Turn): Html {
	// Rows may lie in another volume than the files that belong to them.
	if (rows.length === 0 && viewed.whole.included > 0) return html``;
	if (rows.length === 0) return html`<p class="none">${view.translation.t('viewer:empty')}</p>`;
	const single = turn.last === 1 && rows.length === 1;
	return single || holdsThreads(viewed) ? lists(view, viewed, rows) : table(view, viewed, rows);
}

/** The first page has the newest rows. */
function turning({ translation: { t, number } }: View, { part }: ViewedPart, turn: Turn): Html {
	if (turn.last === 1) return html``;
	const link = (to: number, text: string, rel: string) =>
		to < 1 || to > turn.last
			? ''
			: html`<a href="${pagePath(part, to).slice('pages/'.length)}" rel="${rel}">${text}</a>`;
	const here = t('viewer:turn.page', { number: number(turn.number), last: number(turn.last) });
	return html`<nav class="turn" aria-label="${t('viewer:turn.label')}">
		${link(turn.number - 1, t('viewer:turn.newer'), 'prev')}<span class="soft">${here}</span
		>${link(turn.number + 1, t('viewer:turn.older'), 'next')}
	</nav>`;
}

function about(view: View, { part }: ViewedPart): Html {
	const { translation, ctx } = view;
	const category = categoryOf(ctx.organisation, part.category);
	if (!category) return html``;
	const elsewhere = category.heldElsewhere;
	const holder = elsewhere && partnerOf(ctx.organisation, elsewhere.partner)?.name;
	const told = elsewhere
		? html`<p class="soft">
				${translation.t('viewer:elsewhere', { what: translation.text(elsewhere.what), partner: holder ?? elsewhere.partner })}
			</p>`
		: '';
	return html`<p class="lead">${translation.text(category.about)}</p>
		${told}`;
}

function filesOf({ translation: { t, bytes } }: View, { files }: ViewedPart): Html {
	// Files that belong to the rows stand beside them.
	const links = files
		.filter(({ path }) => !path.startsWith('files/'))
		.map(
			({ path, bytes: size }) =>
				html`<li>
					<a href="../${path}">${path.split('/').at(-1)}</a> <span class="count">${bytes(size)}</span>
				</li>`
		);
	return html`<section id="files">
		<h2>${t('viewer:files.beside')}</h2>
		<ul class="all">
			${links}
		</ul>
	</section>`;
}

function page(view: View, viewed: ViewedPart, rows: readonly Row[], turn: Turn): string {
	const { t, number } = view.translation;
	const { part, included } = viewed;
	const name = nameOf(view, part);
	const category = categoryOf(view.ctx.organisation, part.category);
	const first = turn.number === 1;
	const more =
		included > shownAtMost && turn.number === turn.last
			? html`<p class="more">${t('viewer:more', { shown: number(shownAtMost), all: number(included) })}</p>`
			: '';
	const facts = category
		? html` <a href="${first ? '' : pagePath(part).slice('pages/'.length)}#facts"
				>${t('viewer:fact.summary')}</a
			>`
		: '';
	return framed(
		view,
		name,
		html`<nav class="path"><a href="../index.html">${t('viewer:back')}</a></nav>
			<header>
				<h1>${name}</h1>
				${about(view, viewed)}
				<p>
					<span class="count">${t('viewer:entries', { count: included, number: number(included) })}</span
					>${facts}
				</p>
				${viewed.whole.outside > 0 ? html`<p class="soft">${spanSentence(view)}</p>` : ''}
			</header>
			<main>
				${first ? missingOf(view, viewed.whole) : ''}${turning(view, viewed, turn)}
				<section>${rowsOf(view, viewed, rows, turn)}${more}</section>
				${turning(view, viewed, turn)}${first ? html`${picturesOf(view, viewed)}${category ? factsOf(view, category) : ''}${filesOf(view, viewed)}` : ''}
			</main>`
	);
}

/** The pages of a part, the newest rows first; at most a page's rows are held at a time. */
export async function* partPages(
	view: View,
	viewed: ViewedPart
): AsyncGenerator<{ path: string; text: string }> {
	const last = Math.max(1, Math.min(pagesAtMost, Math.ceil(viewed.included / rowsAPage)));
	let number = 1;
	let waiting: Row[] = [];
	const turned = (rows: readonly Row[]) => ({
		path: pagePath(viewed.part, number),
		text: page(view, viewed, rows, { number: number++, last })
	});
	for await (const rows of viewed.rows()) {
		waiting.push(...rows);
		while (waiting.length >= rowsAPage && number < last) {
			yield turned(waiting.slice(0, rowsAPage));
			waiting = waiting.slice(rowsAPage);
		}
		if (number === last && waiting.length >= rowsAPage) break;
	}
	yield turned(waiting.slice(0, rowsAPage));
}

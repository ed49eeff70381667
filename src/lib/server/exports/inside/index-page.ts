// Promise: index.html opens from the unpacked folder without network and without script, in the person's language, and prints.
import { categoryOf } from '../../organisation/lookup.ts';
import type { ViewedPart } from '../job.ts';
import { chosenOf } from './chosen.ts';
import { mapOf } from './drawing.ts';
import { complaintOf, rightsOf, transfersOf } from './duties.ts';
import { framed } from './frame.ts';
import { html, type Html } from './html.ts';
import { allMissing } from './missing.ts';
import { isEmpty, isIncomplete, namedParts, nameOf, pagePath, type View } from './view.ts';

function line(view: View, viewed: ViewedPart): Html {
	const { t, number } = view.translation;
	const mark = isIncomplete(viewed.whole) ? html` <b>${t('viewer:missing.mark')}</b>` : '';
	return html`<li>
		<a href="${pagePath(viewed.part)}">${nameOf(view, viewed.part)}</a
		><span class="count">${number(viewed.included)}${mark}</span>
	</li>`;
}

function contents(view: View): Html {
	const { t, list: joined } = view.translation;
	const all = namedParts(view);
	const [outside, empty] = [true, false].map((isOutside) =>
		all
			.filter((viewed) => isEmpty(viewed) && viewed.whole.outside > 0 === isOutside)
			.map(({ part }) => nameOf(view, part))
	) as [string[], string[]];
	const none = (key: string, names: readonly string[]) =>
		names.length ? html`<p class="soft">${t(key, { names: joined(names) })}</p>` : '';
	const parts = all.filter((viewed) => !isEmpty(viewed));
	const described = parts.filter(({ part }) => categoryOf(view.ctx.organisation, part.category));
	const own = parts.filter((viewed) => !described.includes(viewed));
	const list = (title: string, some: readonly ViewedPart[]) =>
		some.length
			? html`<h3>${title}</h3>
					<ul class="all">
						${some.map((viewed) => line(view, viewed))}
					</ul>`
			: '';
	return html`<nav aria-labelledby="contents">
		<h2 id="contents">${t('viewer:contents')}</h2>
		${list(t('viewer:held'), described)}${list(t('viewer:own'), own)}${none('viewer:chosen.none', outside)}${none('viewer:nothing', empty)}
	</nav>`;
}

/** What else lies in the folder, for programs and for those who check. */
function files({ translation: { t } }: View): Html {
	const line = (path: string, text: string) =>
		html`<div>
			<dt><a href="${path}">${path}</a></dt>
			<dd>${text}</dd>
		</div>`;
	return html`<section id="files">
		<h2>${t('viewer:files.title')}</h2>
		<dl>
			${[
				html`<div>
					<dt><bdi dir="ltr">data/</bdi></dt>
					<dd>${t('viewer:files.data')}</dd>
				</div>`,
				line('manifest.json', t('viewer:manifest')),
				line('manifest.jws', t('viewer:files.signature')),
				html`<div>
					<dt><bdi dir="ltr">schemas/</bdi></dt>
					<dd>${t('viewer:files.schemas')}</dd>
				</div>`,
				line('context.jsonld', t('viewer:files.context'))
			]}
		</dl>
	</section>`;
}

export function indexPage(view: View): string {
	const { translation, ctx, volume } = view;
	const { t, number } = translation;
	const organisation = translation.text(ctx.organisation.organisation.name);
	const title = t('viewer:title', { organisation });
	const one =
		volume.last === 1
			? ''
			: html`<p class="lead">
					${t('viewer:volume', { number: number(volume.number), last: number(volume.last) })}
				</p>`;
	return framed(
		view,
		title,
		html`<header>
				<h1>${title}</h1>
				<p class="lead">${t('viewer:lead', { organisation, date: translation.dateTime(ctx.clock.now()) })}</p>
				${chosenOf(view)}${one}
			</header>
			<main>
				${[
					allMissing(view),
					contents(view),
					mapOf(view),
					rightsOf(view),
					complaintOf(view),
					transfersOf(view),
					files(view)
				]}
			</main>`
	);
}

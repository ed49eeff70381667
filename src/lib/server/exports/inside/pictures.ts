// Files that belong to a part: pictures are shown, everything else is a link.
import type { ViewedPart } from '../job.ts';
import { html, type Html } from './html.ts';
import type { View } from './view.ts';

/** What every browser draws; anything else, and whatever could hold a script of its own, is a link. */
const drawn = new Set(['image/png', 'image/jpeg', 'image/webp', 'image/gif', 'image/avif']);
const shownAtMost = 1_000;

export const isPicture = ({ mediaType }: { mediaType: string }): boolean => drawn.has(mediaType);

const address = (path: string) => `../${path.split('/').map(encodeURIComponent).join('/')}`;

export function picturesOf({ translation: { t, number } }: View, { heldFiles }: ViewedPart): Html {
	if (heldFiles.length === 0) return html``;
	const shown = heldFiles.slice(0, shownAtMost);
	const pictures = shown.filter(isPicture);
	const others = shown.filter((file) => !isPicture(file));
	const more =
		heldFiles.length > shown.length
			? html`<p class="more">
					${t('viewer:files.more', { shown: number(shown.length), all: number(heldFiles.length) })}
				</p>`
			: '';
	return html`<section id="held">
		<h2>${t('viewer:files.held', { count: heldFiles.length, number: number(heldFiles.length) })}</h2>
		<ul class="pictures">
			${pictures.map(
				({ path, name }) =>
					html`<li>
						<figure>
							<a href="${address(path)}"><img src="${address(path)}" alt="${name}" loading="lazy" /></a>
							<figcaption><bdi>${name}</bdi></figcaption>
						</figure>
					</li>`
			)}
		</ul>
		<ul class="all">
			${others.map(
				({ path, name }) =>
					html`<li>
						<a href="${address(path)}"><bdi>${name}</bdi></a>
					</li>`
			)}
		</ul>
		${more}
	</section>`;
}

/** Where a value that names a file finds it. */
export const pictureNames = ({ heldFiles }: ViewedPart): ReadonlyMap<string, string> =>
	new Map(heldFiles.filter(isPicture).map(({ path, written = path }) => [written, path]));

// Never silently less: what is not in a volume is said with its number and its reason, on the index and on the part's page.
import { html, type Html } from './html.ts';
import type { ViewedPart } from '../job.ts';
import { isIncomplete, nameOf, type View } from './view.ts';

/** The sentences about one part; none where nothing is missing. */
function sentences({ translation: { t, has, number } }: View, viewed: ViewedPart): string[] {
	if (!isIncomplete(viewed)) return [];
	const { part, included, leftOut } = viewed;
	const why = (code: string) => (has(`viewer:reason.${code}`) ? t(`viewer:reason.${code}`) : code);
	const reason = viewed.reason ?? viewed.files.find(({ reason }) => reason)?.reason;
	const counts = { included: number(included), expected: number(part.expected ?? 0) };
	return [
		part.expected === undefined ? t('viewer:missing.unknown', counts) : t('viewer:missing.counted', counts),
		...(reason && !leftOut.has(reason as never)
			? [t('viewer:missing.because', { reason: why(reason) })]
			: []),
		...[...leftOut].map(([code, count]) =>
			t('viewer:missing.left-out', { count, number: number(count), reason: why(code) })
		)
	];
}

export function missingOf(view: View, viewed: ViewedPart): Html {
	const said = sentences(view, viewed);
	if (said.length === 0) return html``;
	return html`<div class="partial">
		<p><strong>${view.translation.t('viewer:missing.title')}</strong></p>
		<ul>
			${said.map((sentence) => html`<li>${sentence}</li>`)}
		</ul>
	</div>`;
}

/** All that is missing of the volume, for its first page. */
export function allMissing(view: View): Html {
	const lacking = view.volume.parts.filter(isIncomplete);
	if (lacking.length === 0) return html``;
	return html`<section class="partial" id="missing">
		<h2>${view.translation.t('viewer:missing.title')}</h2>
		<p>${view.translation.t('viewer:missing.lead')}</p>
		<dl>
			${lacking.map(
				(viewed) =>
					html`<div>
						<dt>${nameOf(view, viewed.part)}</dt>
						<dd>${sentences(view, viewed).map((sentence) => html`<p>${sentence}</p>`)}</dd>
					</div>`
			)}
		</dl>
	</section>`;
}

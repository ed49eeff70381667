// Never silently less: what is in no volume is said with its number and its reason, on the index and on the part's page.
import { html, type Html } from './html.ts';
import type { WholePart } from '../job.ts';
import { isIncomplete, nameOf, type View } from './view.ts';

/** The sentences about one part; none where nothing is missing. */
function sentences({ translation: { t, has, number } }: View, whole: WholePart): string[] {
	if (!isIncomplete(whole)) return [];
	const { expected, included, outside, leftOut, reasons, reason } = whole;
	const why = (code: string) => (has(`viewer:reason.${code}`) ? t(`viewer:reason.${code}`) : code);
	const counts = { included: number(included), expected: number((expected ?? 0) - outside) };
	const counted = new Set<string>(leftOut.keys());
	const uncounted = Object.keys(reasons).filter((code) => code === reason || !counted.has(code));
	return [
		expected === undefined ? t('viewer:missing.unknown', counts) : t('viewer:missing.counted', counts),
		...uncounted.map((code) => t('viewer:missing.because', { reason: why(code) })),
		...[...leftOut].map(([code, count]) =>
			t('viewer:missing.left-out', { count, number: number(count), reason: why(code) })
		)
	];
}

export function missingOf(view: View, whole: WholePart): Html {
	const said = sentences(view, whole);
	if (said.length === 0) return html``;
	return html`<div class="partial">
		<p><strong>${view.translation.t('viewer:missing.title')}</strong></p>
		<ul>
			${said.map((sentence) => html`<li>${sentence}</li>`)}
		</ul>
	</div>`;
}

/** All that is missing in all volumes, for the first page of each. */
export function allMissing(view: View): Html {
	const lacking = view.volume.all.filter(isIncomplete);
	if (lacking.length === 0) return html``;
	return html`<section class="partial" id="missing">
		<h2>${view.translation.t('viewer:missing.title')}</h2>
		<p>${view.translation.t('viewer:missing.lead')}</p>
		<dl>
			${lacking.map(
				(whole) =>
					html`<div>
						<dt>${nameOf(view, whole.part)}</dt>
						<dd>${sentences(view, whole).map((sentence) => html`<p>${sentence}</p>`)}</dd>
					</div>`
			)}
		</dl>
	</section>`;
}

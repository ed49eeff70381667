// A download of less than everything says so: kinds and times that were chosen, or that it completes an earlier one.
import { instant } from '../../platform/clock.ts';
import { html, type Html } from './html.ts';
import type { View } from './view.ts';
import { holdings } from './words.ts';

/** The chosen time in a sentence, days as the person's calendar has them; undefined where none was chosen. */
export function spanSentence({ job, translation: { t, date } }: View): string | undefined {
	const { since, until } = job.span ?? {};
	if (!since && !until) return undefined;
	const days = {
		since: since ? date(since) : '',
		// The end is the first instant that is not within any more.
		until: until ? date(instant(new Date(Date.parse(until) - 1))) : ''
	};
	return t(`viewer:chosen.${since ? 'since' : ''}${until ? 'until' : ''}`, days);
}

/** On the first page, under its title. */
export function chosenOf(view: View): Html {
	const { job, translation } = view;
	const names = holdings(view, (job.categories ?? []).join(' '));
	const said = [
		job.completes && translation.t('viewer:chosen.top-up'),
		names && translation.t('viewer:chosen.kinds', { names }),
		spanSentence(view)
	].filter(Boolean);
	return html`${said.map((sentence) => html`<p class="lead"><strong>${sentence}</strong></p>`)}`;
}

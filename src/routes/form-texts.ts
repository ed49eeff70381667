// What a refused form says: each problem in the person's language, beside its field and in the summary.
import type { Translation } from '$lib/i18n/catalogues';
import type { Problem } from '$lib/forms/read-form';

interface Answer {
	problems?: Record<string, Problem>;
	typed?: Record<string, string>;
	refused?: string;
	waitSeconds?: number;
}

/**
 * `answer` is what an action returned by `fail`, or null; `labels` are those of the page's fields by name, so that the
 * summary says of each problem which answer it means (WCAG 3.3.1). What has no label is a problem of the whole form.
 */
export function formTexts(
	{ t }: Translation,
	answer: object | null | undefined,
	labels: Readonly<Record<string, string>> = {}
) {
	const { problems = {}, typed = {}, refused, waitSeconds } = (answer ?? {}) as Answer;
	const say = ({ code, values }: Problem) => t(`errors:field.${code}`, values);
	const entries = Object.entries(problems);
	return {
		/** For ErrorSummary; empty when there is none. */
		summary: entries.map(([name, problem]) => {
			const label = labels[name];
			if (label === undefined) return { field: undefined, text: say(problem) };
			return { field: name, text: t('errors:summary.problem', { field: label, problem: say(problem) }) };
		}),
		title: entries.length ? t('errors:summary.title', { count: entries.length }) : '',
		error: (name: string) => (problems[name] ? say(problems[name]) : undefined),
		/** What the person had typed, or `otherwise`. */
		typed: (name: string, otherwise = '') => typed[name] ?? otherwise,
		refusal: refused ? t(`errors:refused.${refused}`, waitSeconds ? { count: waitSeconds } : {}) : undefined
	};
}

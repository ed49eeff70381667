// What a refused form says: each problem in the person's language, beside its field and in the summary.
import type { Translation } from '$lib/i18n/catalogues';
import type { Problem } from '$lib/forms/read-form';

interface Answer {
	problems?: Record<string, Problem>;
	typed?: Record<string, string>;
	refused?: string;
	waitSeconds?: number;
}

/** `answer` is what an action returned by `fail`, or null. */
export function formTexts({ t }: Translation, answer: object | null | undefined) {
	const { problems = {}, typed = {}, refused, waitSeconds } = (answer ?? {}) as Answer;
	const say = ({ code, values }: Problem) => t(`errors:field.${code}`, values);
	const entries = Object.entries(problems);
	return {
		/** For ErrorSummary; empty when there is none. */
		summary: entries.map(([name, problem]) => ({
			field: name === 'form' ? undefined : name,
			text: say(problem)
		})),
		title: entries.length ? t('errors:summary.title', { count: entries.length }) : '',
		error: (name: string) => (problems[name] ? say(problems[name]) : undefined),
		/** What the person had typed, or `otherwise`. */
		typed: (name: string, otherwise = '') => typed[name] ?? otherwise,
		refusal: refused ? t(`errors:refused.${refused}`, waitSeconds ? { count: waitSeconds } : {}) : undefined
	};
}

// A download as its card shows it.
import * as exports from '$lib/server/exports/exports';
import type { Export, Missing } from '$lib/server/exports/exports';
import { holding } from '../../holdings';
import { progressWords } from './progress-words';

/** What is missing of one kind, as sentences. */
function missingWords(locals: App.Locals, missing: Missing): string {
	const { t, number, list } = locals.translation;
	const { category, expected, included, reasons, source } = missing;
	const name = holding(locals, category).label;
	const label = source === 'portal' ? name : `${name} (${source})`;
	const counts = { category: label, included: number(included), expected: number(expected ?? 0) };
	const why = Object.entries(reasons).map(([code, count]) =>
		count > 0
			? t('export:missing.why', { reason: t(`viewer:reason.${code}`), number: number(count), count })
			: t(`viewer:reason.${code}`)
	);
	const what = t(expected === undefined ? 'export:missing.unknown' : 'export:missing.counted', counts);
	return `${what} ${t('export:missing.because', { reasons: list(why) })}`;
}

const dateOf = (all: readonly Export[], id: string | null | undefined) =>
	all.find((other) => other.id === id)?.createdAt;

/** `at`: the page on which it stands, its person's own or that of whoever answers for them; its files lie below. */
export function madeOf(locals: App.Locals, made: Export, all: readonly Export[], at = '/export') {
	const { ctx, translation } = locals;
	return {
		...made,
		labels: made.categories.map((category) => holding(locals, category).label),
		name: exports.fileName(ctx, { createdAt: made.createdAt }),
		files: made.volumes.map(({ number, bytes, sha256 }) => ({
			...{ number, bytes, sha256 },
			name: exports.fileName(ctx, made, number),
			href: `${at}/${made.id}${number > 1 ? `?volume=${number}` : ''}`
		})),
		told: made.progress && progressWords(locals, made.progress),
		missing: made.missing.map((missing) => missingWords(locals, missing)),
		completedOn: dateOf(all, made.completedBy),
		completesOf: dateOf(all, made.completes),
		failure: made.failure && translation.t(`export:failure.${made.failure}`)
	};
}

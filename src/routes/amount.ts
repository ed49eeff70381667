// How much is held of something, said the same on every page.
import type { Translation } from '$lib/i18n/catalogues';

/** Values of a profile, entries of anything else. `count` undefined: it lies in a system outside that can't be asked just now. */
export function amountOf(
	{ t, number }: Translation,
	kind: 'profile' | 'records',
	count: number | undefined
): string {
	if (count === undefined) return t('data:count.unanswered');
	if (count === 0) return t('data:count.none');
	return t(`data:count.${kind === 'profile' ? 'values' : 'records'}`, { count, number: number(count) });
}

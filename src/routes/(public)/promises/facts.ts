// What is true of a promise now, in words: few are never told as a number.
import type { Translation } from '$lib/i18n/catalogues';
import type { Fact } from '$lib/server/promises/promises';

function valueOf({ t, number, date }: Translation, fact: Fact): string {
	if ('days' in fact) return t('promises:amount.days', { count: fact.days });
	if ('seconds' in fact) return t('promises:amount.seconds', { count: fact.seconds });
	if ('at' in fact) return date(fact.at);
	if ('missing' in fact) return t('promises:amount.missing');
	const amount = fact.count || 'none';
	return typeof amount === 'number' ? number(amount) : t(`promises:amount.${amount}`);
}

export const factTexts = (translation: Translation, facts: readonly Fact[]) =>
	facts.map((fact) => ({
		term: translation.t(`promises:fact.${fact.name}`),
		text: valueOf(translation, fact)
	}));

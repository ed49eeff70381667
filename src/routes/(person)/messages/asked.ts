// The answer to the question whether a yes still stands, for the choices that the page showed.
import type { Translation } from '$lib/i18n/catalogues';
import type { Context } from '$lib/server/context';
import * as preferences from '$lib/server/preferences/preferences';
import { askedLine, nameOf } from './choices';

/** The words of the question whether a yes still stands, and of the line about that choice. */
const askedWords =
	(
		{ t, tag, text, date }: Translation,
		asked: preferences.Asked,
		lineOf: (yes: preferences.Asked['yeses'][number]) => string
	) =>
	({ channel, topic }: preferences.Change) => {
		const yes = asked.yeses.find((one) => one.channel === channel && one.topic === topic);
		const silence = t(`messages:reconfirm.${asked.silence}`, { date: date(asked.until) });
		const line = yes ? [lineOf(yes)] : [];
		return {
			language: tag,
			text: [t('messages:reconfirm.title'), ...line, text(asked.because), silence].join('\n')
		};
	};

/** Goes on with what was shown (`channel.topic`, apart by blanks) and is still asked, or turns that off. */
export async function answerAsked(
	ctx: Context,
	person: Parameters<typeof preferences.set>[1] & { country: string },
	translation: Translation,
	{ intent, shown }: { intent: 'confirm' | 'end'; shown: string }
) {
	const names = new Set(shown.split(' '));
	const asked = await preferences.askedOf(ctx, person);
	const words = asked && askedWords(translation, asked, askedLine(translation, ctx.organisation));
	if (intent === 'confirm') return preferences.confirm(ctx, person, names, words);
	const off = (asked?.yeses ?? [])
		.filter(({ channel, topic }) => names.has(nameOf(channel, topic)))
		.map(({ channel, topic }) => ({ channel, topic, allowed: false }));
	return preferences.set(ctx, person, off, { origin: 'page', ...(words && { words }) });
}

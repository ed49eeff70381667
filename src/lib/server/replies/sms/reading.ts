// Promise: STOP is understood however it is typed, in whatever language, and nothing else is taken for it.
import { stopLike } from './stop-like.ts';
import { words, type Meaning } from './words.ts';

/** Letters that are written one for the other, in Arabic and where its keyboard is a Persian one. */
const alike: Readonly<Record<string, string>> = { ى: 'ي', ی: 'ي', ک: 'ك', ة: 'ه', ٱ: 'ا' };

/** Longer ones are several messages; whatever stands behind that changes nothing of what is meant. */
const longest = 2_000;

/**
 * One spelling for all: full width, case, accents, Arabic vowel signs, hamza and lengthening, and what cannot be seen make no
 * difference (Unicode NFKD without marks and format characters).
 */
const folded = (text: string): string =>
	text
		.slice(0, longest)
		.toWellFormed()
		.normalize('NFKD')
		.toLowerCase()
		.normalize('NFKD')
		.replace(/[\p{M}\p{Cf}\u0621\u0640]/gu, '')
		.replace(/[ىیکةٱ]/gu, (letter) => alike[letter] as string);

/** Put together at the end: blanks may have stood between the parts of a Korean syllable. */
const withoutGaps = (text: string): string =>
	folded(text)
		.replace(/[^\p{L}\p{N}]+/gu, '')
		.normalize('NFC');

const meanings = new Map(
	(Object.keys(words) as Meaning[]).flatMap((meaning) =>
		Object.values(words[meaning])
			.flat()
			.map((word) => [withoutGaps(word), meaning] as const)
	)
);

/** What the whole message means, where it is one of the words; undefined for everything else. */
export const meaningOf = (text: string): Meaning | undefined => meanings.get(withoutGaps(text));

/** Words between single blanks, the first and the last one too, apostrophes left out: what the patterns are written for. */
const spaced = (text: string): string =>
	` ${folded(text)
		.normalize('NFC')
		.replace(/['’‘`´]/gu, '')
		.replace(/[^\p{L}\p{N}\p{Extended_Pictographic}]+/gu, ' ')
		.trim()} `;

/** Whether a reasonable person reads free text as a stop (47 CFR § 64.1200(a)(10)); rather too often than too rarely. */
export function isStopLike(text: string): boolean {
	const read = spaced(text);
	return stopLike.some((pattern) => pattern.test(read));
}

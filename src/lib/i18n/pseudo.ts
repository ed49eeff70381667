// A pseudo-language: English with accents, brackets and forty per cent more length. Text without brackets on a page
// bypassed translation; text that does not fit will not fit in German either.

export const pseudoLanguage = 'en-XA';

const accents: Record<string, string> = {
	a: 'á',
	c: 'ç',
	e: 'é',
	g: 'ğ',
	i: 'í',
	n: 'ñ',
	o: 'ó',
	s: 'š',
	u: 'ú',
	y: 'ý'
};

function accented(text: string): string {
	const kept = text.split(/(\{\{[^}]*\}\}|\$t\([^)]*\)|https?:\S+)/);
	return kept
		.map((part, index) =>
			index % 2 ? part : part.replace(/[aceginosuy]/g, (letter) => accents[letter] as string)
		)
		.join('');
}

/** Forty per cent more, in words, as a longer language would have it. */
const padding = (length: number): string =>
	' ~~~~~'.repeat(Math.ceil((length * 0.4) / 6)).slice(0, Math.ceil(length * 0.4));

/** Every text of a catalogue (or one text) in the pseudo-language; placeholders stay. */
export function pseudo(value: unknown): unknown {
	if (typeof value === 'string') return `⟦${accented(value)}${padding(value.length)}⟧`;
	if (typeof value !== 'object' || value === null) return value;
	return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, pseudo(inner)]));
}

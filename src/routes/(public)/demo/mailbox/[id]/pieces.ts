/** Plain text cut at its addresses, so that they can be followed as they are in a mail program. */
export function piecesOf(text: string): { text: string; href?: string }[] {
	return text
		.trim()
		.split(/(https?:\/\/[^\s\u2068\u2069]+)/)
		.map((piece, index) => (index % 2 ? { text: piece, href: piece } : { text: piece }));
}

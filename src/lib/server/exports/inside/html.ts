// The little that is needed to write HTML by hand: whatever is put into a template is escaped, unless it is HTML already.

export class Html {
	readonly text: string;
	constructor(text: string) {
		this.text = text;
	}
}

const entities: Record<string, string> = {
	'&': '&amp;',
	'<': '&lt;',
	'>': '&gt;',
	'"': '&quot;',
	"'": '&#39;'
};

const escape = (value: unknown): string =>
	String(value ?? '').replace(/[&<>"']/g, (sign) => entities[sign] as string);

const put = (value: unknown): string => {
	if (value instanceof Html) return value.text;
	if (Array.isArray(value)) return value.map(put).join('');
	return escape(value);
};

/** A template's own pieces, without the line breaks and tabs that only make the source readable: pages have very many rows. */
const tightened = new WeakMap<TemplateStringsArray, readonly string[]>();

function piecesOf(strings: TemplateStringsArray): readonly string[] {
	let pieces = tightened.get(strings);
	if (!pieces) tightened.set(strings, (pieces = strings.map((piece) => piece.replace(/\s*\n\s*/g, ' '))));
	return pieces;
}

/** html`<p>${text}</p>` */
export function html(strings: TemplateStringsArray, ...values: unknown[]): Html {
	const pieces = piecesOf(strings);
	let whole = pieces[0] as string;
	for (let at = 1; at < pieces.length; at++) whole += put(values[at - 1]) + pieces[at];
	return new Html(whole);
}

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

export const escape = (value: unknown): string =>
	String(value ?? '').replace(/[&<>"']/g, (sign) => entities[sign] as string);

const put = (value: unknown): string => {
	if (value instanceof Html) return value.text;
	if (Array.isArray(value)) return value.map(put).join('');
	return escape(value);
};

/** html`<p>${text}</p>` */
export const html = (strings: TemplateStringsArray, ...values: unknown[]): Html =>
	new Html(strings.reduce((whole, part, at) => whole + put(values[at - 1]) + part));

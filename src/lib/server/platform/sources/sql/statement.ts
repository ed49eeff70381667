// Promise: a value reaches a statement as a bound parameter, never as a part of its text.

/** What stands between quotes or in a comment, a cast (`::text`), the end of a statement, or a name behind a colon. */
const tokens =
	/'(?:[^']|'')*'|"(?:[^"]|"")*"|`[^`]*`|--[^\n]*|\/\*[^]*?\*\/|\$(\w*)\$[^]*?\$\1\$|::|;|:([a-z]+)\b/g;

/** The names behind colons, in their order, each as often as it stands there. */
export function namesIn(statement: string): string[] {
	return Array.from(statement.matchAll(tokens)).flatMap(([, , name]) => name ?? []);
}

/** Whether something follows upon a semicolon. */
export function isSeveral(statement: string): boolean {
	const ends = Array.from(statement.matchAll(tokens)).filter(([token]) => token === ';');
	return ends.some(({ index }) => statement.slice(index + 1).trim() !== '');
}

/** The statement without the semicolon at its end, to stand inside another one. */
export const withoutEnd = (statement: string): string => statement.trim().replace(/;$/, '');

/** The statement with the database's own marks in place of names, and the values in the order of the marks. */
export function bound(
	statement: string,
	given: Readonly<Record<string, unknown>>,
	mark: (place: number) => string
): { text: string; values: unknown[] } {
	const values: unknown[] = [];
	const text = statement.replace(tokens, (token, _tag, name: string | undefined) => {
		if (name === undefined) return token;
		values.push(given[name]);
		return mark(values.length);
	});
	return { text, values };
}

// What every page of an export is held by: its language, its look, and the rule that nothing runs and nothing is fetched.
import { createHash } from 'node:crypto';
import { html, Html } from './html.ts';
import { style } from './style.ts';
import type { View } from './view.ts';

const styles = new Map<string, { text: string; hash: string }>();

/** The style with the organisation's own colour, and its hash: no other style counts. */
function styleOf(colour: string): { text: string; hash: string } {
	let known = styles.get(colour);
	if (!known) {
		const text = `:root{--brand:${colour}}${style}`;
		known = { text, hash: createHash('sha256').update(text).digest('base64') };
		styles.set(colour, known);
	}
	return known;
}

/** A whole page. Opened from a folder, its own pictures are files. */
export function framed(view: View, title: string, body: Html): string {
	const { translation, ctx } = view;
	const { text, hash } = styleOf(ctx.organisation.organisation.look.colour);
	const policy = `default-src 'none'; style-src 'sha256-${hash}'; img-src 'self' file: data:; base-uri 'none'; form-action 'none'`;
	const page = html`<!doctype html>
		<html lang="${translation.tag}" dir="${translation.direction}">
			<head>
				<meta charset="utf-8" />
				<meta http-equiv="Content-Security-Policy" content="${policy}" />
				<meta name="viewport" content="width=device-width, initial-scale=1" />
				<meta name="color-scheme" content="light dark" />
				<meta name="referrer" content="no-referrer" />
				<title>${title}</title>
				${new Html(`<style>${text}</style>`)}
			</head>
			<body>
				${body}
			</body>
		</html>`;
	return `${page.text}\n`;
}

// The page that shows every previewed message beside its translations.
import type { Preview } from '../lib/server/delivery/delivery.ts';

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text: string): string =>
	text.replace(/[&<>"]/g, (character) => escapes[character] as string);

const style = `
:root{color-scheme:light dark}
body{margin:24px;font:16px/1.5 system-ui,sans-serif}
.languages{display:grid;grid-auto-flow:column;grid-auto-columns:340px;gap:16px;overflow-x:auto}
.looks{display:grid;grid-template-columns:1fr 1fr;gap:8px}
img{display:block;width:100%;border:1px solid #8886}
h2{margin:40px 0 8px}
p{margin:8px 0}
`;

function cellOf({ language, template, subject }: Preview, withPictures: boolean): string {
	const file = (ending: string) => `${language}/${template}${ending}`;
	const picture = (ending: string, look: string) =>
		`<a href="${file(ending)}"><img loading="lazy" src="${file(ending)}" alt="${look}: ${escaped(subject)}"></a>`;
	return [
		`<article><h3 lang="${language}"><bdi>${escaped(subject)}</bdi></h3>`,
		`<p><a href="${file('.html')}">HTML</a> · <a href="${file('.txt')}">text</a> · <a href="${file('.sms.txt')}">SMS</a> · ${language}</p>`,
		withPictures
			? `<div class="looks">${picture('.png', 'light')}${picture('.dark.png', 'dark')}</div></article>`
			: '</article>'
	].join('\n');
}

export function previewIndex(
	organisation: string,
	messages: readonly Preview[],
	withPictures: boolean
): string {
	const templates = [...new Set(messages.map(({ template }) => template))];
	const rows = templates.map((template) => {
		const cells = messages.filter((message) => message.template === template);
		return `<h2 id="${template}">${template}</h2>\n<div class="languages">${cells.map((cell) => cellOf(cell, withPictures)).join('\n')}</div>`;
	});
	const contents = templates.map((template) => `<a href="#${template}">${template}</a>`).join(' · ');
	return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Messages of ${escaped(organisation)}</title><style>${style}</style></head>
<body><h1>Messages of ${escaped(organisation)}</h1>
<nav>${contents}</nav>
${rows.join('\n')}
</body></html>
`;
}

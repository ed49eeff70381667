// A policy's Markdown as HTML: HTML within it stays text, and links that leave say so. And as plain blocks, to be compared.
import MarkdownIt, { type Token } from 'markdown-it';
import type { Policy } from '../organisation/organisation.ts';

const markdown = new MarkdownIt({ html: false, linkify: false, typographer: false });

const isOutside = (href: string | number | null) => /^https?:/.test(String(href ?? ''));

markdown.renderer.rules.link_open = (tokens, index, options, environment, renderer) => {
	const token = tokens[index];
	if (token && isOutside(token.attrGet('href'))) {
		token.attrSet('rel', 'noreferrer');
		token.attrSet('class', 'leaves');
		token.attrSet('title', String((environment as { leaves?: string } | undefined)?.leaves ?? ''));
	}
	return renderer.renderToken(tokens, index, options);
};
// Headings of the text stand below the page's own.
markdown.core.ruler.push('lower-headings', ({ tokens }) => {
	for (const token of tokens) if (/^h[1-5]$/.test(token.tag)) token.tag = `h${Number(token.tag[1]) + 1}`;
});

const kept = new Map<string, string>();

/** The language in which a version can be read: the one that is asked for, or the description's first. */
export const languageFor = ({ text }: Policy, language: string): string =>
	text[language] ? language : (Object.keys(text)[0] as string);

/** The text of a version in a language (or the description's first), as HTML; `leaves` is what outside links say. */
export function render(policy: Policy, language: string, leaves: string): { html: string; language: string } {
	const found = languageFor(policy, language);
	const name = `${policy.version} ${found} ${leaves}`;
	const html = kept.get(name) ?? markdown.render(policy.text[found] ?? '', { leaves });
	kept.set(name, html);
	return { html, language: found };
}

/** A heading, a paragraph or an entry of a list, as plain text. */
export interface Block {
	tag: 'h2' | 'h3' | 'h4' | 'p' | 'li';
	text: string;
}

const plainText = (token: Token): string =>
	(token.children ?? [])
		.map(({ type, content }) => (type === 'softbreak' || type === 'hardbreak' ? ' ' : content))
		.join('');

/** The text of a version in its blocks, headings below the page's own. */
export function blocksOf(text: string): Block[] {
	const blocks: Block[] = [];
	let [tag, isEntry]: [Block['tag'], boolean] = ['p', false];
	for (const token of markdown.parse(text, {})) {
		if (token.type === 'list_item_open') isEntry = true;
		else if (token.type === 'list_item_close') isEntry = false;
		else if (token.type === 'heading_open') tag = headingOf(token.tag);
		else if (token.type === 'paragraph_open') tag = isEntry ? 'li' : 'p';
		else if (token.type === 'inline') blocks.push({ tag, text: plainText(token) });
		else if (token.type === 'fence' || token.type === 'code_block')
			blocks.push({ tag: 'p', text: token.content });
	}
	return blocks.filter((block) => block.text.trim() !== '');
}

const headingOf = (tag: string): Block['tag'] => (tag === 'h2' || tag === 'h3' ? tag : 'h4');

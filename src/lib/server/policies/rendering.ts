// A policy's Markdown as HTML: HTML within it stays text, and links that leave say so.
import MarkdownIt from 'markdown-it';
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

/** The text of a version in a language (or the description's first), as HTML; `leaves` is what outside links say. */
export function render(policy: Policy, language: string, leaves: string): { html: string; language: string } {
	const found = policy.text[language] ? language : (Object.keys(policy.text)[0] as string);
	const name = `${policy.version} ${found} ${leaves}`;
	const html = kept.get(name) ?? markdown.render(policy.text[found] ?? '', { leaves });
	kept.set(name, html);
	return { html, language: found };
}

import { expect, test } from 'vitest';
import { translationIn } from '$lib/i18n/catalogues';
import { pages } from '$lib/server/delivery/letters';

test('every letter has a few words that tell what it was about', () => {
	const { has } = translationIn('en');
	expect(Object.keys(pages).filter((template) => !has(`sent:about.${template}`))).toEqual([]);
});

// Promise: whatever colour an organisation chooses, every text can be read (WCAG 2.2, 1.4.3 and 1.4.11), in light and dark.
import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';

const tokens = readFileSync('src/lib/styles/tokens.css', 'utf8');
const surfaces = ['surface-page', 'surface', 'surface-sunken', 'surface-raised'];

/** Ink, ground, and the least contrast between them. */
const pairs: [string, string, number][] = [
	...surfaces.flatMap((surface): [string, string, number][] => [
		['ink', surface, 7],
		['ink-soft', surface, 7],
		['accent', surface, 6.5]
	]),
	['on-accent-soft', 'accent-soft', 7],
	['on-accent-soft', 'accent-line', 6.5],
	['accent', 'accent-soft', 6.5],
	['on-brand-fill', 'brand-fill', 4.5],
	['on-brand-fill', 'brand-fill-hover', 4.5],
	['on-danger-fill', 'danger-fill', 4.5],
	['line-strong', 'surface', 3],
	['line-strong', 'surface-page', 3],
	...['info', 'success', 'warning', 'danger'].flatMap((meaning): [string, string, number][] => [
		[meaning, `${meaning}-soft`, 7],
		['ink', `${meaning}-soft`, 7]
	]),
	...[1, 2, 3, 4, 5, 6, 7, 8].map((series): [string, string, number] => [`series-${series}`, 'surface', 3])
];

for (const colorScheme of ['light', 'dark'] as const) {
	test(`a person can read every text in the ${colorScheme}, whatever the organisation's colour`, async ({
		page
	}) => {
		await page.emulateMedia({ colorScheme });
		await page.setContent(`<style>${tokens}</style><p>x</p>`);

		expect(await page.evaluate(tooFaint, pairs)).toEqual([]);
	});
}

test('a colour that cannot be read is noticed', async ({ page }) => {
	await page.setContent(`<style>${tokens}:root { --ink: lightgray }</style><p>x</p>`);

	expect(await page.evaluate(tooFaint, pairs)).not.toEqual([]);
});

/** Runs in the page: paints each token for 216 brand colours, and tells the pairs that are too close. */
function tooFaint(wanted: [string, string, number][]): string[] {
	const brush = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
	const sample = document.querySelector('p');
	if (!brush || !sample) throw new Error('the page cannot paint');
	const steps = [0, 51, 102, 153, 204, 255];
	const brands = steps.flatMap((red) => steps.flatMap((green) => steps.map((blue) => [red, green, blue])));
	const linear = (part: number) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
	const luminance = (token: string) => {
		sample.style.color = `var(--${token})`;
		brush.fillStyle = getComputedStyle(sample).color;
		brush.fillRect(0, 0, 1, 1);
		const [red = 0, green = 0, blue = 0] = [...brush.getImageData(0, 0, 1, 1).data].map((part) =>
			linear(part / 255)
		);
		return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
	};
	const faint: string[] = [];
	for (const brand of brands) {
		document.documentElement.style.setProperty('--brand', `rgb(${brand.join(' ')})`);
		for (const [ink, ground, least] of wanted) {
			const [darker = 0, lighter = 0] = [luminance(ink), luminance(ground)].sort((a, b) => a - b);
			const contrast = (lighter + 0.05) / (darker + 0.05);
			if (contrast < least)
				faint.push(`${ink} on ${ground} is ${contrast.toFixed(2)} for ${brand.join(' ')}`);
		}
	}
	return faint;
}

// Card details are with the payment company: the page says who holds them and leads there.
import { expectAccessible } from '../support/axe.ts';
import { expect, test } from '../support/portal.ts';
import { takeAway } from '../support/taken-away.ts';

test.use({ example: 'classerium' });
// Many pages, each looked at closely: more than a busy machine does in a minute.
test.slow();

/** The check digit that every card number has. */
const isCardNumber = (digits: string): boolean =>
	[...digits].reverse().reduce((sum, digit, index) => {
		const doubled = Number(digit) * (index % 2 ? 2 : 1);
		return sum + (doubled > 9 ? doubled - 9 : doubled);
	}, 0) %
		10 ===
	0;

test('Alice reads who holds her card, and no card number stands anywhere', async ({ page, signInAs }) => {
	await signInAs('alice', '/data/transactions');
	await expect(page.locator('#facts')).toContainText('Stripe holds it');
	await expect(page.locator('#facts a[href="/sharing/stripe"]').first()).toBeVisible();
	await expect(page.locator('#facts a[rel~="external"]')).toHaveAttribute('href', /stripe\.com/);
	await expectAccessible(page);
	for (let more = true; more;) {
		const text = await page.locator('main').innerText();
		const long = text.replaceAll(/(?<=\d)[ -](?=\d)/g, '').match(/\d{13,19}/g) ?? [];
		expect(long.filter(isCardNumber)).toEqual([]);
		more = (await page.locator('a[rel="next"]').count()) > 0;
		if (more) await page.locator('a[rel="next"]').click();
	}
	for (const [path, content] of await takeAway(page)) {
		if (!/^(data|sharing)\/.*\.json$/.test(path)) continue;
		const long = content.toString().match(/(?<![\d.-])\d{13,19}(?![\d.-])/g) ?? [];
		expect(long.filter(isCardNumber), path).toEqual([]);
	}
});

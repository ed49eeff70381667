// After somebody left nobody looks: staff who search find nobody, an address from before is refused, and the attempt is noted.
import { askToLeave, untilErased } from '../support/claim.ts';
import { bearer, candorOn, personOf } from '../support/operator.ts';
import { password } from '../support/personas.ts';
import { expect, test } from '../support/portal.ts';

test.use({ ownPortal: true });
test.slow();

test('Minjun leaves, and whoever looked yesterday sees nothing today', async ({
	page,
	browser,
	baseURL,
	portal,
	mailbox,
	request,
	signInAs
}) => {
	const { externalId } = await personOf(portal, 'classting', 'minjun@example.com');
	const staff = await (await browser.newContext({ baseURL: baseURL as string, locale: 'en-GB' })).newPage();
	const send = () => staff.locator('main form [type="submit"]').first().click();
	const signIn = async () => {
		await staff.goto('/staff/sign-in?lang=en');
		await staff.locator('input[name="id"]').fill('officer-yoo');
		await staff.locator('input[name="password"]').fill(password);
		await send();
	};
	const search = async (identifier: string) => {
		await staff.goto('/staff');
		await staff.locator('input[name="identifier"]').fill(identifier);
		await staff.locator('select[name="reason"]').selectOption('contact');
		await staff.locator('input[name="note"]').fill('Case 17');
		await send();
	};
	await signInAs('minjun', '/?lang=en');
	await askToLeave(page);
	portal.clock.pass(7, 'days');
	// Just before the worker comes by he may still be there; from the lock on he is not.
	await signIn();
	await search('minjun@example.com');
	const before = new URL(staff.url()).pathname;
	await untilErased(mailbox, 'minjun@example.com');

	for (const identifier of ['minjun', 'minjun@example.com', externalId]) {
		await search(identifier);
		await expect(staff.getByRole('alert')).toContainText('Nobody was found');
	}
	if (before.startsWith('/staff/people/')) expect((await staff.goto(before))?.status()).toBe(403);
	expect((await staff.goto('/staff/people/0199aaaa-0000-7000-8000-000000000000'))?.status()).toBe(403);
	const log = candorOn(portal, 'classting', 'staff', 'log', '--of', 'officer-yoo');
	expect(log).toMatch(/look-refused[^]*found-nobody/);
	expect(log).not.toContain(externalId);

	const headers = bearer(portal, 'classting', 'support-links:write');
	const answer = await request.post('/api/v1/support-links', {
		headers,
		data: { person: externalId, page: '/export' }
	});
	expect(answer.status()).toBeGreaterThanOrEqual(400);
});

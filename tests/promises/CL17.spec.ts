// A number that was given for two-step verification is used for that: no campaign tool may write to it, and Alice reads so.
import { bearer, personOf } from '../support/operator.ts';
import { expect, test } from '../support/portal.ts';

test.use({ example: 'classerium', ownPortal: true });

test('Alice’s number for signing in safely gets no marketing, nor anything else, and her page says so', async ({
	page,
	portal,
	signInAs
}) => {
	const { externalId } = await personOf(portal, 'classerium', 'alice');
	const asking = bearer(portal, 'classerium', 'contact:read');
	const may = async (channel: string, topic: string) => {
		const query = `channel=${channel}&topic=${topic}`;
		const asked = await page.request.get(`/api/v1/people/${externalId}/may-contact?${query}`, {
			headers: asking
		});
		return (await asked.json()) as { allowed: boolean; because: string };
	};
	await signInAs('alice', '/messages?lang=en');
	await expect(page.locator('main')).not.toContainText('given for signing in safely');
	const person = {
		role: 'subscriber',
		language: 'en',
		timeZone: 'Europe/Madrid',
		country: 'ES',
		uses: { phone: 'verification' }
	};
	const put = await page.request.put(`/api/v1/people/${externalId}`, {
		headers: bearer(portal, 'classerium', 'people:write'),
		data: person
	});
	expect(put.status()).toBe(200);
	for (const topic of ['offers', 'updates', 'sign-in-security'])
		expect(await may('sms', topic)).toMatchObject({ allowed: false, because: 'verification-only' });
	expect(await may('email', 'sign-in-security')).toMatchObject({ allowed: true, because: 'essential' });
	await page.goto('/messages');
	await expect(page.locator('main')).toContainText('given for signing in safely');
});

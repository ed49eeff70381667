// Whoever invites is told what it shows of them, and each invitation is written down with what it showed.
import { expectAccessible } from '../support/axe.ts';
import { bearer, personOf } from '../support/operator.ts';
import { expect, test } from '../support/portal.ts';

test('Minjun reads what an invitation shows of him, and finds a new one with its fields', async ({
	page,
	portal,
	request,
	signInAs
}) => {
	const { externalId: person } = await personOf(portal, 'classting', 'minjun@example.com');
	const invitation = {
		person,
		category: 'invitations',
		id: 'invitation-ct14',
		at: '2026-11-22T08:00:00Z',
		means: 'sms',
		revealed: ['Name', 'Picture', 'Mobile number']
	};
	const answer = await request.post('/api/v1/records:batch', {
		headers: { ...bearer(portal, 'classting', 'records:write'), 'Content-Type': 'application/x-ndjson' },
		data: JSON.stringify(invitation)
	});
	expect(await answer.json()).toMatchObject({ line: 1 });
	await signInAs('minjun', '/data/invitations?lang=en');
	await expect(page.locator('main')).toContainText(
		'sees your name and picture, and your phone number when the invitation goes by text message'
	);
	await expect(page.locator('tbody tr').first()).toContainText('Text message');
	await expect(page.locator('tbody tr').first()).toContainText('Mobile number');
	await expectAccessible(page);
});

// Data stays within the announced scope, field by field; nothing of a child for whom nobody has agreed goes anywhere.
import { offered } from '../support/offered.ts';
import { bearer, personOf } from '../support/operator.ts';
import { expect, test } from '../support/portal.ts';

test.use({ example: 'classting', ownPortal: true });

test('of what Quizgarden asks about Minjun, only what is on the list goes out, and nothing without his consent', async ({
	page,
	portal,
	request,
	signInAs
}) => {
	const { externalId: person } = await personOf(portal, 'classting', 'minjun@example.com');
	const headers = bearer(portal, 'classting', 'disclosures:write');
	const [first = ''] = offered('classting', 'quizgarden', 'student');
	const data = {
		person,
		partner: 'quizgarden',
		purpose: 'partner-services',
		fields: [first, 'profile.gender']
	};
	const ask = async (more: object = {}) => {
		const answer = await request.post('/api/v1/disclosures', { headers, data: { ...data, ...more } });
		return {
			status: answer.status(),
			...((await answer.json()) as { fields?: object[]; released?: string[] })
		};
	};

	await signInAs('minjun', '/sharing/quizgarden?lang=en');
	const consent = page.locator('#consent');
	if (await consent.getByRole('button', { name: /^Agree/ }).count())
		await consent.getByRole('button', { name: /^Agree/ }).click();
	const outside = [{ field: 'profile.gender', code: 'field-not-covered' }];
	expect(await ask()).toMatchObject({ status: 403, fields: outside });
	expect(await ask({ partial: true })).toMatchObject({ status: 201, released: [first], refused: outside });
	await page.reload();
	await consent.getByRole('button', { name: /^Take back/ }).click();
	await expect(consent).toContainText('Nothing new has gone there since');
	expect(await ask({ fields: [first] })).toMatchObject({
		status: 403,
		fields: [{ field: first, code: 'consent-withdrawn' }]
	});
});

test('nothing of Seoyeon, who waits for consent, goes even to the mail service; a batch answers line by line', async ({
	portal,
	request
}) => {
	const people = [
		await personOf(portal, 'classting', 'seoyeon@example.com'),
		await personOf(portal, 'classting', 'teacher-kim@example.com')
	];
	const lines = people.map(({ externalId }) =>
		JSON.stringify({
			person: externalId,
			partner: 'paper-plane',
			purpose: 'notices',
			fields: ['account.name']
		})
	);
	const answer = await request.post('/api/v1/disclosures:batch', {
		headers: { ...bearer(portal, 'classting', 'disclosures:write'), 'Content-Type': 'application/x-ndjson' },
		data: lines.join('\n')
	});
	const [child, teacher] = (await answer.text())
		.trim()
		.split('\n')
		.map((line) => JSON.parse(line) as object);
	expect(child).toMatchObject({ fields: [{ field: 'account.name', code: 'awaiting-consent' }] });
	expect(teacher).toMatchObject({ recorded: 'released', released: ['account.name'] });
});

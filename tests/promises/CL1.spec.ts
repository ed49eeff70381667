// People know exactly what happens to their data: the overview and each kind's page say everything that is described.
import { expectAccessible } from '../support/axe.ts';
import { categoriesFor, describedBy } from '../support/described.ts';
import { bearer, personOf } from '../support/operator.ts';
import { expect, test } from '../support/portal.ts';
import { purposeOf, recipientsOf, retentionOf, storageOf } from '../../src/lib/server/organisation/lookup.ts';

test.use({ example: 'classerium' });

const organisation = describedBy('classerium');
const english = (text: Record<string, string> | undefined) => text?.['en'] as string;

for (const [name, role] of [
	['alice', 'subscriber'],
	['omar', 'instructor']
] as const)
	test(`a ${role} sees on the overview each kind of data with why, for how long, and how many get it`, async ({
		page,
		signInAs
	}) => {
		await signInAs(name, '/?lang=en');
		await expectAccessible(page);
		const described = categoriesFor('classerium', role);
		const rows = page.locator('#held li');
		await expect(rows).toHaveCount(described.length);
		for (const [index, { id, label }] of described.entries()) {
			const category = organisation.categories.find(
				(category) => category.id === id
			) as (typeof organisation.categories)[number];
			const row = rows.nth(index);
			await expect(row.getByRole('link')).toHaveText(label);
			await expect(row.getByRole('link')).toHaveAttribute('href', `/data/${id}`);
			for (const purpose of category.purposes)
				await expect(row).toContainText(english(purposeOf(organisation, purpose)?.label));
			await expect(row).toContainText(english(retentionOf(organisation, category.retention)?.label));
			const recipients = recipientsOf(organisation, category, role).length;
			await expect(row).toContainText(
				['nobody receives', 'one partner'][recipients] ?? `${recipients} partners`
			);
		}
	});

test('each kind says from where, to whom, where it lies and by which right', async ({ page, signInAs }) => {
	await signInAs('alice', '/?lang=en');
	for (const { id, fields } of categoriesFor('classerium', 'subscriber')) {
		await page.goto(`/data/${id}`);
		const category = organisation.categories.find(
			(category) => category.id === id
		) as (typeof organisation.categories)[number];
		const facts = page.locator('#facts');
		for (const purpose of category.purposes)
			await expect(facts).toContainText(english(purposeOf(organisation, purpose)?.about));
		for (const { name } of recipientsOf(organisation, category, 'subscriber'))
			await expect(facts).toContainText(name);
		await expect(facts).toContainText(storageOf(organisation, category.storage)?.provider as string);
		for (const { label } of fields) await expect(page.locator('#values, #records')).toContainText(label);
	}
	await expectAccessible(page);
});

test('what is not described cannot come in, so nothing is held that is not shown', async ({
	portal,
	request
}) => {
	const { externalId } = await personOf(portal, 'classerium', 'alice@example.com');
	const headers = {
		...bearer(portal, 'classerium', 'records:write'),
		'content-type': 'application/x-ndjson',
		'Idempotency-Key': 'undescribed'
	};
	const category = categoriesFor('classerium', 'subscriber').find(({ kind }) => kind === 'records')?.id;
	const lines = [
		{ person: externalId, category, id: 'x-1', at: '2026-11-01', 'shoe-size': '38' },
		{ person: externalId, category: 'dreams', id: 'x-2', at: '2026-11-01' }
	];
	const answer = await request.post('/api/v1/records:batch', {
		headers,
		data: lines.map((line) => JSON.stringify(line)).join('\n')
	});
	const said = await answer.text();
	expect(said).toContain('field-unknown');
	expect(said).toContain('category-unknown');
	expect(said).not.toContain('"added"');
});

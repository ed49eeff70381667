import { beforeEach, expect, test } from 'vitest';
import { alice, bob } from '../../../../../tests/support/people.ts';
import { portalForTest } from '../../../../../tests/support/portal-for-test.ts';
import type { Person } from '../../accounts/accounts.ts';
import type { Context } from '../../context.ts';
import { transaction } from '../../platform/database/transaction.ts';
import * as delivery from '../delivery.ts';

const portal = portalForTest({ description: 'examples/classting' });
const about = 'correction:1';

let person: Person;
beforeEach(async () => {
	person = await alice(portal.as());
});

/** The same portal, with a webhook for that partner. */
function withWebhook(url: string, ...partners: string[]): Context {
	const organisation = structuredClone(portal.as().organisation);
	for (const partner of organisation.partners) if (partners.includes(partner.id)) partner.webhook = url;
	return { ...portal.as(), organisation };
}

test('a call waits, sealed, until it was delivered; a partner without a webhook is named as such', async () => {
	const other = await bob(portal.as());
	const ctx = withWebhook('https://bookpath.example.com/hook', 'bookpath');
	const data = { externalId: person.externalId, field: 'profile.birthday', value: '2001-02-03' };
	for (const partner of ['bookpath', 'hanul-cloud', 'nobody'])
		await delivery.tellPartner(ctx, person.id, { partner, type: 'correction.decided', data, about });
	expect(await delivery.toldPartners(ctx, person.id, about)).toEqual([
		{ partner: 'bookpath', state: 'waiting', at: '2026-11-22T09:00:00.000Z' },
		{ partner: 'hanul-cloud', state: 'no-webhook', at: '2026-11-22T09:00:00.000Z' },
		{ partner: 'nobody', state: 'no-webhook', at: '2026-11-22T09:00:00.000Z' }
	]);
	const rows = await ctx.db
		.selectFrom('partnerCall')
		.select('sealed')
		.where('personId', '=', person.id)
		.execute();
	expect(rows.map(({ sealed }) => sealed.toString('latin1')).join()).not.toContain('2001');
	expect(await delivery.toldPartners(ctx, other.id, about)).toEqual([]);
});

test('nothing is told of what was rolled back', async () => {
	const ctx = withWebhook('https://bookpath.example.com/hook', 'bookpath');
	await expect(
		transaction(ctx, async (ctx) => {
			await delivery.tellPartner(ctx, person.id, { partner: 'bookpath', type: 'x', data: {}, about });
			throw new Error('undone');
		})
	).rejects.toThrow('undone');
	expect(await delivery.toldPartners(ctx, person.id, about)).toEqual([]);
});

import { beforeEach, expect, test } from 'vitest';
import { alice, bob } from '../../../../../tests/support/people.ts';
import { portalForTest } from '../../../../../tests/support/portal-for-test.ts';
import type { Person } from '../../accounts/accounts.ts';
import type { Context } from '../../context.ts';
import { transaction } from '../../platform/database/transaction.ts';
import { open } from '../../platform/keys/keys.ts';
import * as delivery from '../delivery.ts';
import { callPlace } from './partner-calls.ts';

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

test('a value that may not go any more goes by no later try: the partner hears that it is wrong, and nothing more', async () => {
	const ctx = withWebhook('https://partner.example.com/hook', 'bookpath', 'quizgarden');
	const other = await bob(ctx);
	const tell = ({ id }: Person, partner: string, field: string) =>
		delivery.tellPartner(ctx, id, { partner, type: 'profile.changed', data: { field, value: 'new' }, about });
	const calls = [
		[person, await tell(person, 'bookpath', 'profile.birthday')],
		[person, await tell(person, 'quizgarden', 'profile.birthday')],
		[person, await tell(person, 'quizgarden', 'account.username')],
		[other, await tell(other, 'quizgarden', 'account.username')]
	] as const;
	const values = async () => {
		const rows = await ctx.db.selectFrom('partnerCall').select(['id', 'sealed']).execute();
		const found = new Map(rows.map(({ id, sealed }) => [id, sealed]));
		return Promise.all(
			calls.map(async ([{ id: personId }, { id }]) => {
				const sealed = found.get(id) as Buffer;
				return open<{ value?: string }>(await ctx.keys.of(personId), callPlace(id), sealed).value;
			})
		);
	};
	await delivery.withholdValues(ctx, person.id, { partner: 'bookpath' });
	expect(await values()).toEqual([undefined, 'new', 'new', 'new']);
	await delivery.withholdValues(ctx, person.id, { field: 'account.username' });
	expect(await values()).toEqual([undefined, 'new', undefined, 'new']);
	await delivery.withholdValues(ctx, person.id);
	expect(await values(), 'Bob’s stays').toEqual([undefined, undefined, undefined, 'new']);
});

import { expect, test } from 'vitest';
import { codeOf } from '../../../../tests/support/outbox.ts';
import { alice, as, bob } from '../../../../tests/support/people.ts';
import { portalForTest } from '../../../../tests/support/portal-for-test.ts';
import * as identifierChanges from '../accounts/identifier-changes.ts';
import type { Person } from '../accounts/accounts.ts';
import * as disclosures from '../disclosures/disclosures.ts';
import { open } from '../platform/keys/keys.ts';
import * as profile from './profile.ts';

const portal = portalForTest({ description: 'tests/support/third-organisation' });

/** Somebody whose email a partner with a webhook has got. */
async function known() {
	const organisation = structuredClone(portal.as().organisation);
	const partner = organisation.partners.find(({ consent, roles }) => !consent && !roles);
	if (!partner) throw new Error('nobody gets anything');
	partner.fields.push({ category: 'card', field: 'email' });
	partner.webhook = 'https://partner.example.com/hook';
	const person = await alice(portal.as());
	const ctx = as({ ...portal.as(), organisation }, person);
	const asked = { partner: partner.id, purpose: partner.purpose, fields: ['card.email'] };
	await disclosures.release(ctx, person.id, [asked]);
	return { ctx, person };
}

async function toldOf({ id }: Person): Promise<unknown[]> {
	const key = await portal.as().keys.of(id);
	const rows = await portal
		.as()
		.db.selectFrom('partnerCall')
		.select(['id', 'type', 'sealed'])
		.where('personId', '=', id)
		// The organisation's own systems are called too.
		.where('about', 'like', 'profile:%')
		.orderBy('id')
		.execute();
	return rows.map(({ id, type, sealed }) => [
		type,
		open(key, { table: 'partner_call', column: 'sealed', row: id }, sealed)
	]);
}

test('whoever got an email hears the new one once its code came back, and not before', async () => {
	const { ctx, person } = await known();
	await identifierChanges.ask(ctx, person, 'email', 'moved@example.org');
	expect(await profile.identifiers.confirm(ctx, person, 'email', 'wrong')).toEqual({ refused: 'code-wrong' });
	expect(await toldOf(person)).toEqual([]);
	const code = await codeOf(ctx, person.id, 'address-change-code');
	expect(await profile.identifiers.confirm(ctx, person, 'email', code)).toEqual({ changed: true });
	const { externalId } = person;
	expect(await toldOf(person)).toEqual([
		['profile.changed', { externalId, field: 'card.email', value: 'moved@example.org' }]
	]);
});

test('of two who confirm the same address one changes, and only their recipients hear of it', async () => {
	const { ctx, person } = await known();
	const other = await bob(portal.as());
	for (const who of [person, other]) await identifierChanges.ask(ctx, who, 'email', 'both@example.org');
	const confirm = async (who: Person) =>
		profile.identifiers.confirm(ctx, who, 'email', await codeOf(ctx, who.id, 'address-change-code'));
	expect(await confirm(other)).toEqual({ changed: true });
	expect(await confirm(person)).toEqual({ refused: 'code-wrong' });
	expect(await toldOf(person)).toEqual([]);
});

test('an identifier that no field describes changes all the same', async () => {
	const { ctx, person } = await known();
	expect(await profile.identifiers.changeUsername(ctx, person, 'another.name')).toEqual({ changed: true });
	expect(await profile.identifiers.changeUsername(ctx, person, 'another.name')).toEqual({
		refused: 'identifier-same'
	});
	expect(await profile.identifiers.remove(ctx, person, 'username')).toEqual({ removed: true });
	expect(await profile.identifiers.remove(ctx, person, 'email')).toEqual({ refused: 'identifier-required' });
	expect(await toldOf(person)).toEqual([]);
});

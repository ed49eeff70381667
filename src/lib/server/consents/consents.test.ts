import { beforeEach, describe, expect, test } from 'vitest';
import { alice, as, bob, mina } from '../../../../tests/support/people.ts';
import { portalForTest } from '../../../../tests/support/portal-for-test.ts';
import type { Person } from '../accounts/accounts.ts';
import * as audit from '../audit/audit.ts';
import type { Context } from '../context.ts';
import type { Organisation } from '../organisation/organisation.ts';
import { recipientOf } from '../partners/partners.ts';
import * as consents from './consents.ts';
import { consentsContract } from './personal-data.ts';

const portal = portalForTest({ description: 'examples/classting' });
const partner = 'bookpath';
const english = { language: 'en' };

let somebody: Person;
let other: Person;
beforeEach(async () => {
	portal.clock.move('2026-11-22T09:00:00.000Z');
	somebody = await alice(portal.as());
	other = await bob(portal.as());
});

const standing = async (ctx: Context = portal.as(), id = partner) =>
	(await consents.stateOf(ctx, somebody)).get(id);
const decisions = (person = somebody) => consents.history(portal.as(), person.id, { limit: 100 });

/** The same portal after its description was changed. */
function changed(change: (organisation: Organisation) => void): Context {
	const organisation = structuredClone(portal.as().organisation);
	change(organisation);
	return { ...portal.as(), organisation };
}

const asksForMore = () =>
	changed(({ partners }) => partners.find(({ id }) => id === partner)?.fields.push({ category: 'friends' }));

describe('a person agrees', () => {
	test('and the words and fields that they read are kept, sealed', async () => {
		expect(await standing()).toEqual({ state: 'never', missing: [] });
		const { organisation } = portal.as();
		const recipient = recipientOf(organisation, partner, somebody.role);
		if (!recipient) throw new Error('no such partner');
		const offer = consents.offerOf({ organisation }, recipient, 'ko');
		expect(
			await consents.grant(as(portal.as(), somebody), somebody, partner, {
				language: 'ko',
				version: offer.version
			})
		).toEqual({ changed: true });
		expect(await standing()).toMatchObject({ state: 'granted', since: '2026-11-22T09:00:00.000Z' });
		expect(await decisions()).toMatchObject([
			{ ...offer, partner, decision: 'granted', language: 'ko', origin: 'page' }
		]);
		expect(offer.words).toContain('Bookpath');
		const { sealed } = await portal
			.as()
			.db.selectFrom('consent')
			.select('sealed')
			.where('personId', '=', somebody.id)
			.executeTakeFirstOrThrow();
		expect(sealed.includes('Bookpath')).toBe(false);
		expect((await audit.page(portal.as(), somebody.id, undefined, 1))[0]).toMatchObject({
			kind: 'consent-granted',
			details: { partner }
		});
		expect(await decisions(other)).toEqual([]);
	});

	test('and a second click, or one in another window at the same time, writes nothing more', async () => {
		const both = await Promise.all([1, 2].map(() => consents.grant(portal.as(), somebody, partner, english)));
		expect(both.filter((outcome) => 'changed' in outcome && outcome.changed).length).toBe(1);
		expect((await decisions()).length).toBe(1);
	});

	test('only to partners that ask, and only to the list that stood on the page', async () => {
		expect(await consents.grant(portal.as(), somebody, 'nobody', english)).toEqual({
			refused: 'unknown-partner'
		});
		expect(await consents.grant(portal.as(), somebody, 'hanul-cloud', english)).toEqual({
			refused: 'consent-not-needed'
		});
		expect(
			await consents.grant(portal.as(), somebody, partner, { language: 'en', version: '000000000000' })
		).toEqual({ refused: 'list-changed' });
		expect(await decisions()).toEqual([]);
	});

	test('but not while they are a child for whom nobody has agreed yet', async () => {
		const child = await mina(portal.as(), { consentHeld: false });
		expect(child.state).toBe('awaiting-consent');
		expect(await consents.grant(portal.as(), child, partner, english)).toEqual({
			refused: 'awaiting-consent'
		});
	});

	test('also while their data rests', async () => {
		const paused = { ...somebody, pausedAt: '2026-11-01T00:00:00.000Z' };
		expect(await consents.grant(portal.as(), paused, partner, english)).toEqual({ changed: true });
	});
});

describe('a partner that asks for more', () => {
	test('is asked about again, and the old agreement names what it does not cover', async () => {
		await consents.grant(portal.as(), somebody, partner, english);
		const ctx = asksForMore();
		const now = await standing(ctx);
		expect(now?.state).toBe('outdated');
		expect(now?.missing.every((code) => code.startsWith('friends.'))).toBe(true);
		expect(now?.missing.length).toBeGreaterThan(0);
		expect(await consents.grant(ctx, somebody, partner, english)).toEqual({ changed: true });
		expect(await standing(ctx)).toMatchObject({ state: 'granted', missing: [] });
		expect(await standing()).toMatchObject({ state: 'granted' });
	});
});

describe('a person takes it back', () => {
	test('as easily, and it stands in the history with the words', async () => {
		await consents.grant(portal.as(), somebody, partner, english);
		portal.clock.move('2026-11-23T09:00:00.000Z');
		expect(await consents.withdraw(as(portal.as(), somebody), somebody, partner, english)).toEqual({
			changed: true
		});
		expect(await consents.withdraw(portal.as(), somebody, partner, english)).toEqual({ changed: false });
		expect(await standing()).toMatchObject({
			state: 'withdrawn',
			since: '2026-11-23T09:00:00.000Z',
			missing: []
		});
		expect((await decisions()).map(({ decision }) => decision)).toEqual(['withdrawn', 'granted']);
		expect(await consents.grant(portal.as(), somebody, partner, english)).toEqual({ changed: true });
	});

	test('from a partner that the description has dropped, too', async () => {
		await consents.grant(portal.as(), somebody, partner, english);
		const ctx = changed(
			(organisation) => (organisation.partners = organisation.partners.filter(({ id }) => id !== partner))
		);
		expect(await standing(ctx)).toMatchObject({ state: 'granted' });
		expect(await consents.withdraw(ctx, somebody, partner, english)).toEqual({ changed: true });
	});

	test('only what they gave', async () => {
		await consents.grant(portal.as(), other, partner, english);
		expect(await consents.withdraw(portal.as(), somebody, partner, english)).toEqual({ changed: false });
		expect(await consents.withdraw(portal.as(), somebody, 'nobody', english)).toEqual({
			refused: 'unknown-partner'
		});
		expect(await consents.withdraw(portal.as(), somebody, 'hanul-cloud', english)).toEqual({
			refused: 'consent-not-needed'
		});
		expect((await consents.stateOf(portal.as(), other)).get(partner)?.state).toBe('granted');
	});
});

test('an earlier decision, taken over, sorts where it belongs and overrides nothing newer', async () => {
	await consents.grant(portal.as(), somebody, partner, english);
	await consents.withdraw(portal.as(), somebody, partner, {
		...english,
		origin: 'import',
		at: new Date('2025-01-01T00:00:00.000Z')
	});
	expect(await standing()).toMatchObject({ state: 'granted' });
	expect((await decisions()).map(({ origin }) => origin)).toEqual(['page', 'import']);
});

test('the contract counts, gives out, names recipients and destroys, for one person alone', async () => {
	for (const person of [somebody, other]) await consents.grant(portal.as(), person, partner, english);
	await consents.withdraw(portal.as(), somebody, partner, english);
	await consents.grant(portal.as(), somebody, 'quizgarden', english);
	const ctx = portal.as();
	expect(await consentsContract.recipients?.(ctx, somebody.id)).toEqual(['quizgarden']);
	const [part] = await consentsContract.collect(ctx, somebody.id);
	const rows = [];
	for await (const some of part?.pages() ?? []) rows.push(...some);
	expect(rows.length).toBe(3);
	expect(part?.expected).toBe(3);
	expect(Object.keys(rows[0] ?? {}).sort()).toEqual(part?.fields.map(({ id }) => id).sort());
	while (!(await consentsContract.erase(ctx, somebody.id, 2)).done);
	expect(await consentsContract.count(ctx, somebody.id)).toEqual([
		{ category: 'portal.sharing', records: 0 }
	]);
	expect(await consentsContract.count(ctx, other.id)).toEqual([{ category: 'portal.sharing', records: 1 }]);
});

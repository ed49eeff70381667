import { beforeEach, describe, expect, test } from 'vitest';
import { alice, as, bob, mina } from '../../../../tests/support/people.ts';
import { portalForTest } from '../../../../tests/support/portal-for-test.ts';
import type { Person } from '../accounts/accounts.ts';
import * as audit from '../audit/audit.ts';
import * as consents from '../consents/consents.ts';
import type { Context } from '../context.ts';
import type { Organisation } from '../organisation/organisation.ts';
import { recipientOf } from '../partners/partners.ts';
import * as disclosures from './disclosures.ts';

const portal = portalForTest({ description: 'examples/classting' });
const mail = { partner: 'paper-plane', purpose: 'notices', fields: ['account.email'] };
const quiz = { partner: 'quizgarden', purpose: 'partner-services', fields: ['account.username'] };
const study = { partner: 'saessak-institute', purpose: 'research', fields: ['class-activity.activity'] };

let somebody: Person;
let other: Person;
beforeEach(async () => {
	portal.clock.move('2026-11-22T09:00:00.000Z');
	somebody = await alice(portal.as());
	other = await bob(portal.as());
	const field = recipientOf(portal.as().organisation, study.partner)?.fields[0];
	study.fields = [field as string];
});

const release = async (disclosure: disclosures.NewDisclosure, person = somebody, ctx = portal.as()) =>
	(await disclosures.release(ctx, person.id, [disclosure]))[0] as disclosures.DisclosureOutcome;
const codes = async (disclosure: disclosures.NewDisclosure, person = somebody, ctx = portal.as()) => {
	const outcome = await release(disclosure, person, ctx);
	return 'fields' in outcome
		? Object.fromEntries(outcome.fields.map(({ field, code }) => [field, code]))
		: {};
};
const agree = (person = somebody, partner = quiz.partner, ctx = portal.as()) =>
	consents.grant(as(ctx, person), person, partner, { language: 'en' });
const ledger = async (person = somebody) =>
	(await disclosures.page(portal.as(), person.id, { limit: 100 })).disclosures;

/** The same portal after its description was changed. */
function changed(change: (organisation: Organisation) => void): Context {
	const organisation = structuredClone(portal.as().organisation);
	change(organisation);
	return { ...portal.as(), organisation };
}

test('what a policy has only announced stays here until its day, and not an hour longer', async () => {
	const announced = () =>
		changed(({ policies }) => {
			const [newest] = policies.versions;
			if (!newest) throw new Error('no policy');
			const next = {
				...newest,
				version: '2026-12-01',
				effective: '2026-12-01',
				introduces: { purposes: [], fields: {}, partners: { [mail.partner]: mail.fields } }
			};
			const older = policies.versions.map((version) => ({ ...version, introduces: undefined }));
			policies.versions = [next, ...older];
		});
	const code = { 'account.email': 'field-not-in-effect' };
	expect(await codes(mail, somebody, announced())).toEqual(code);
	portal.clock.move('2026-11-30T23:00:00.000Z');
	expect(await codes(mail, somebody, announced())).toEqual(code);
	portal.clock.move('2026-12-01T00:00:00.000Z');
	expect(await release(mail, somebody, announced())).toMatchObject({ recorded: 'released' });
});

describe('a partner that needs the person’s agreement', () => {
	test('gets nothing before it, what was agreed to after it, and nothing once it is taken back', async () => {
		expect(await codes(quiz)).toEqual({ 'account.username': 'consent-missing' });
		await agree();
		const outcome = await release(quiz);
		const version = recipientOf(portal.as().organisation, quiz.partner, somebody.role)?.version;
		expect(outcome).toMatchObject({ recorded: 'released', consentVersion: version, basis: 'consent' });
		expect(await ledger()).toMatchObject([{ partner: 'quizgarden', consentVersion: version }]);

		await consents.withdraw(portal.as(), somebody, quiz.partner, { language: 'en' });
		expect(await codes(quiz)).toEqual({ 'account.username': 'consent-withdrawn' });
		expect(await codes(quiz, other)).toEqual({ 'account.username': 'consent-missing' });
		expect((await ledger()).length).toBe(1);
	});

	test('and asks for more than was agreed to does not get what is new; nor anything for a new purpose', async () => {
		await agree();
		const more = changed(({ partners }) =>
			partners.find(({ id }) => id === quiz.partner)?.fields.push({ category: 'account', field: 'email' })
		);
		const both = { ...quiz, fields: ['account.email', 'account.username'] };
		expect(await codes(both, somebody, more)).toEqual({ 'account.email': 'field-not-agreed' });
		expect(await release({ ...both, partial: true }, somebody, more)).toMatchObject({
			released: ['account.username'],
			refused: [{ field: 'account.email', code: 'field-not-agreed' }]
		});
		expect(await consents.askingAgain(more, somebody)).toEqual([quiz.partner]);
		await agree(somebody, quiz.partner, more);
		expect(await release(both, somebody, more)).toMatchObject({ released: both.fields });

		const turned = changed(({ partners }) => {
			for (const partner of partners) if (partner.id === quiz.partner) partner.purpose = 'marketing';
		});
		expect(await codes({ ...quiz, purpose: 'marketing' }, somebody, turned)).toEqual({
			'account.username': 'field-not-agreed'
		});
	});

	test('gets nothing on another ground that somebody names', async () => {
		for (const basis of ['contract', 'legal-obligation', 'vital-interests', 'legitimate-interests'] as const)
			expect(await codes({ ...quiz, basis, reference: 'court order 7' })).toEqual({
				'account.username': 'basis-not-of-partner'
			});
	});
});

test('research gets nothing without naming the agreement of the school, and not against the person', async () => {
	expect(await codes(study)).toEqual({ [study.fields[0] as string]: 'agreement-required' });
	const agreed = { ...study, reference: 'AGR-2026-7' };
	expect(await codes(agreed)).toEqual({ [study.fields[0] as string]: 'consent-missing' });
	await agree(somebody, study.partner);
	expect(await codes({ ...study, reference: '  ' })).toEqual({
		[study.fields[0] as string]: 'agreement-required'
	});
	expect(await release(agreed)).toMatchObject({ recorded: 'released' });
	expect((await ledger())[0]?.reference).toBe('AGR-2026-7');
});

test('a legal demand names its case, and then outweighs a pause and an objection, but no correction', async () => {
	const demanded = { ...mail, basis: 'legal-obligation' as const };
	expect(await codes(demanded)).toEqual({ 'account.email': 'reference-required' });
	const ctx = portal.as();
	await ctx.db
		.updateTable('person')
		.set({ pausedAt: '2026-11-01T00:00:00.000Z' })
		.where('personId', '=', somebody.id)
		.execute();
	expect(await release({ ...demanded, reference: 'case 12' })).toMatchObject({ basis: 'legal-obligation' });
	await contest(somebody, 'account.email');
	expect(await codes({ ...demanded, reference: 'case 13' })).toEqual({ 'account.email': 'field-restricted' });
});

test('nobody’s demand but an authority’s reaches a child who waits', async () => {
	const child = await mina(portal.as());
	const demanded = { ...mail, basis: 'vital-interests' as const, reference: 'x' };
	expect(Object.values(await codes(demanded, child))).toEqual(['awaiting-consent']);
});

test('a call that was on its way for a moment is asked now, not told afterwards', async () => {
	await agree();
	await consents.withdraw(portal.as(), somebody, quiz.partner, { language: 'en' });
	const at = new Date('2026-11-22T08:59:40.000Z');
	expect(await codes({ ...quiz, at })).toEqual({ 'account.username': 'consent-withdrawn' });
	expect(await release({ ...mail, at })).toMatchObject({ recorded: 'released' });
});

const contest = (person: Person, field: string) =>
	portal
		.as()
		.db.insertInto('correction')
		.values({
			personId: person.id,
			id: portal.as().ids.next(),
			field,
			record: null,
			state: 'open',
			decision: null,
			openedAt: '2026-11-22T09:00:00.000Z',
			decidedAt: null,
			endsAt: null,
			nextAttemptAt: null,
			leasedUntil: null,
			attempts: 0
		})
		.execute();

test('what is contested, and a purpose that was objected to, stop at the gate', async () => {
	const { db, ids } = portal.as();
	await contest(somebody, 'account.email');
	expect(await codes({ ...mail, fields: ['account.email', 'account.name'] })).toEqual({
		'account.email': 'field-restricted'
	});
	for (const [allowed, expected] of [
		[0, { 'account.name': 'purpose-objected' }],
		[1, {}]
	] as const) {
		await db
			.insertInto('purposeChoice')
			.values({
				personId: somebody.id,
				id: ids.next(),
				purpose: 'notices',
				allowed,
				origin: 'page',
				at: '2026-11-22T09:00:00.000Z'
			})
			.execute();
		expect(await codes({ ...mail, fields: ['account.name'] })).toEqual(expected);
	}
	expect(await codes(mail, other)).toEqual({});
});

test('nothing new goes out about somebody who paused, leaves or waits for consent; what went before is written down', async () => {
	const { db } = portal.as();
	for (const [to, code] of [
		[{ pausedAt: '2026-11-01T00:00:00.000Z' }, 'person-paused'],
		[{ state: 'leaving' as const }, 'person-leaving'],
		[{ state: 'awaiting-consent' as const }, 'awaiting-consent']
	] as const) {
		await db.updateTable('person').set(to).where('personId', '=', somebody.id).execute();
		expect(await codes(mail)).toEqual({ 'account.email': code });
	}
	const child = await mina(portal.as(), { consentHeld: false });
	expect(await codes(mail, child)).toEqual({ 'account.email': 'awaiting-consent' });
	expect(await release({ ...mail, at: new Date('2026-01-01T12:00:00.000Z') })).toMatchObject({
		recorded: 'afterwards'
	});
	expect(await release(mail, other)).toMatchObject({ recorded: 'released' });
});

test('what is told afterwards says so, with what was agreed to then; the future is refused', async () => {
	await agree();
	const version = recipientOf(portal.as().organisation, quiz.partner, somebody.role)?.version;
	portal.clock.move('2026-11-24T09:00:00.000Z');
	await consents.withdraw(portal.as(), somebody, quiz.partner, { language: 'en' });
	const told = async (at: string) => release({ ...quiz, at: new Date(at) });
	expect(await told('2026-11-23T09:00:00.000Z')).toMatchObject({
		recorded: 'afterwards',
		consentVersion: version
	});
	expect(await told('2026-11-20T09:00:00.000Z')).toMatchObject({
		recorded: 'afterwards',
		consentVersion: null
	});
	portal.clock.move('2026-11-24T09:05:00.000Z');
	expect(await told('2026-11-24T09:00:00.000Z')).toMatchObject({
		recorded: 'afterwards',
		consentVersion: null
	});
	expect(await told('2026-11-24T10:00:00.000Z')).toEqual({ refused: 'at-in-future' });
	expect((await ledger()).every(({ recorded }) => recorded === 'afterwards')).toBe(true);
});

test('a batch is one transaction; each line is answered in its place, and each person finds what was refused', async () => {
	await agree();
	const asked = [
		{ personId: somebody.id, disclosure: quiz },
		{ personId: other.id, disclosure: quiz },
		{ personId: 'nobody', disclosure: quiz },
		{ personId: other.id, disclosure: { ...quiz, key: 'again' } },
		{ personId: somebody.id, disclosure: quiz },
		{ personId: other.id, disclosure: mail },
		{ personId: somebody.id, disclosure: { ...quiz, partner: 'x'.repeat(90) } }
	];
	const outcomes = await disclosures.releaseMany(portal.as(), asked);
	expect(
		outcomes.map((outcome) => ('refused' in outcome && 'id' in outcome ? outcome.added : outcome))
	).toEqual([
		true,
		expect.objectContaining({ refused: 'disclosure-refused' }),
		{ refused: 'person-unknown' },
		expect.objectContaining({ refused: 'disclosure-refused' }),
		false,
		true,
		expect.objectContaining({ refused: 'disclosure-refused' })
	]);
	const told = async (person: Person) =>
		(await audit.page(portal.as(), person.id, undefined, 10))
			.filter(({ kind }) => kind.startsWith('disclosure'))
			.map(({ kind, details }) => ({ kind, ...details }));
	expect(await told(other)).toEqual(
		expect.arrayContaining([
			{ kind: 'disclosure-refused', partner: 'quizgarden', because: 'consent-missing', count: 2 },
			{ kind: 'disclosure-released', partner: 'paper-plane', count: 1 }
		])
	);
	expect(await told(somebody)).toContainEqual({
		kind: 'disclosure-released',
		partner: 'quizgarden',
		count: 1
	});
	expect((await audit.verify(portal.as())).findings).toEqual([]);
});

test('nothing is written about somebody whose erasure has begun, and the others are served', async () => {
	const { db } = portal.as();
	await db.updateTable('person').set({ state: 'erasing' }).where('personId', '=', somebody.id).execute();
	const outcomes = await disclosures.releaseMany(
		portal.as(),
		[somebody, other].map(({ id }) => ({ personId: id, disclosure: mail }))
	);
	expect(outcomes).toMatchObject([{ refused: 'person-leaving' }, { recorded: 'released' }]);
	expect(await ledger()).toEqual([]);
});

test('batches about the same people in another order, at once, do not wait for each other for ever', async () => {
	const people = await Promise.all(Array.from({ length: 8 }, () => alice(portal.as())));
	const batch = (order: Person[], key: string) =>
		disclosures.releaseMany(
			portal.as(),
			order.map(({ id }) => ({ personId: id, disclosure: { ...mail, key } }))
		);
	const all = await Promise.all(
		Array.from({ length: 6 }, (_, run) => batch(run % 2 ? people : people.toReversed(), `${run}`))
	);
	expect(all.flat().every((outcome) => 'added' in outcome && outcome.added)).toBe(true);
	expect(await disclosures.summary(portal.as(), people[0]?.id as string)).toMatchObject([{ disclosures: 6 }]);
});

import { beforeEach, describe, expect, test } from 'vitest';
import { as, charlie, mina, somebody } from '../../../../tests/support/people.ts';
import { portalForTest } from '../../../../tests/support/portal-for-test.ts';
import { amend, guardianship, setGuardians, signIn } from '../accounts/accounts.ts';
import { find, type Person } from '../accounts/people.ts';
import * as audit from '../audit/audit.ts';
import * as consents from '../consents/consents.ts';
import type { Context } from '../context.ts';
import * as disclosures from '../disclosures/disclosures.ts';
import { recipientOf } from '../partners/partners.ts';
import { workOnce } from '../platform/work/work.ts';
import * as preferences from '../preferences/preferences.ts';
import type * as staff from '../staff/staff.ts';
import * as withdrawal from '../withdrawal/withdrawal.ts';
import * as families from './families.ts';
import { append } from './ledger.ts';
import { familiesContract } from './personal-data.ts';

const portal = portalForTest({ description: 'examples/classting' });
const start = '2026-11-22T09:00:00.000Z';
const pdf = Buffer.from('%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF');

let parent: Person;
let teacher: Person;
let child: Person;
let sam: staff.Member;
let ctx: Context;
let hired = 0;

beforeEach(async () => {
	portal.clock.move(start);
	ctx = portal.as();
	const seoul = { country: 'KR', timeZone: 'Asia/Seoul' };
	parent = await somebody(ctx, { ...seoul, name: 'parent', role: 'parent' });
	teacher = await somebody(ctx, { ...seoul, name: 'teacher', role: 'teacher' });
	child = await mina(ctx, { ...seoul, guardianIds: [parent.id, teacher.id] });
	sam = { id: `sam-${++hired}`, name: 'Sam', role: 'officer' };
});

const of = (person: Person): Context => as(portal.as(), person);
const now = async (person: Person) => (await find(portal.as(), person.id)) as Person;
const ward = async (person: Person, one = child) =>
	(await families.wardOf(portal.as(), person, one.id)) as families.Ward;
const kinds = async (person: Person) =>
	(await audit.page(portal.as(), person.id, undefined, 50)).map(({ kind }) => kind);

/** The code of the last letter; sealed until it is delivered. */
async function lastLetter(person: Person, template: string) {
	const { db, keys } = portal.as();
	const row = await db
		.selectFrom('outbox')
		.select(['id', 'sealed'])
		.where('personId', '=', person.id)
		.where('template', '=', template)
		.orderBy('id', 'desc')
		.executeTakeFirst();
	if (!row) return undefined;
	const { open } = await import('../platform/keys/keys.ts');
	const place = { table: 'outbox', column: 'sealed', row: row.id };
	return open<{ values: Record<string, string> }>(await keys.of(person.id), place, row.sealed);
}

async function agreeByCode(scopes: ('use' | 'sharing')[] = ['use'], way = 'email-code') {
	const asking = { way, scopes, language: 'en' };
	expect(await families.ask(of(parent), parent, await ward(parent), asking)).toEqual({ state: 'code' });
	const code = (await lastLetter(parent, 'family-code'))?.values.code ?? '';
	return families.confirmByCode(of(parent), parent, await ward(parent), code);
}

async function agreeOnPaper(scopes: ('use' | 'sharing')[] = ['use', 'sharing']) {
	const asking = { way: 'paper', scopes, language: 'en', paper: pdf };
	expect(await families.ask(of(parent), parent, await ward(parent), asking)).toEqual({ state: 'asked' });
	return families.decideAsked(portal.as(`staff:${sam.id}`), sam, child.id, { confirmed: true, note: 'seen' });
}

describe('a child that waits', () => {
	test('is sent no marketing, and lets in nobody’s consent but a guardian’s', async () => {
		expect(child.state).toBe('awaiting-consent');
		const topic = ctx.organisation.topics.find(({ marketing, roles }) => marketing && !roles?.length);
		const answer = await preferences.mayContact(ctx, child, 'email', topic?.id ?? '');
		expect(answer).toMatchObject({ allowed: false, because: 'awaiting-consent' });
		expect(await consents.grant(of(child), child, 'bookpath', { language: 'en' })).toEqual({
			refused: 'awaiting-consent'
		});
	});

	test('may use the service once its guardian typed the code; a code for another child counts for nothing', async () => {
		const other = await mina(ctx, { country: 'KR', guardianIds: [parent.id] });
		const asking = { way: 'email-code', scopes: ['use' as const], language: 'en' };
		await families.ask(of(parent), parent, await ward(parent, other), asking);
		const code = (await lastLetter(parent, 'family-code'))?.values.code ?? '';
		expect(await families.confirmByCode(of(parent), parent, await ward(parent), code)).toEqual({
			refused: 'code-wrong'
		});
		expect((await now(child)).state).toBe('awaiting-consent');
		expect(await agreeByCode()).toEqual({ granted: true });
		expect((await now(child)).state).toBe('active');
		expect((await now(other)).state).toBe('awaiting-consent');
		expect(await kinds(child)).toContain('family-consent-by-guardian');
		const [acted] = await audit.page(portal.as(), parent.id, undefined, 1);
		expect(acted).toMatchObject({ kind: 'family-acted-consent', details: { role: 'student' } });
		expect(JSON.stringify(acted)).not.toContain(child.id);
	});

	test('is nobody’s ward but its guardians’', async () => {
		const stranger = await charlie(ctx, { role: 'parent' });
		expect(await families.wardOf(ctx, stranger, child.id)).toBeUndefined();
		expect(await families.wards(ctx, stranger)).toEqual([]);
		expect((await families.wards(ctx, parent)).map((one) => one.child.id)).toEqual([child.id]);
		expect((await ward(teacher)).capacity).toBe('school');
	});
});

describe('a guardian', () => {
	test('agrees to passing on apart, by a way that is strong enough, and staff need the paper', async () => {
		const asking = { scopes: ['use', 'sharing'] as const, language: 'en' };
		const ask = async (given: object) =>
			families.ask(of(parent), parent, await ward(parent), { ...asking, way: 'email-code', ...given });
		expect(await ask({})).toEqual({ refused: 'way-too-weak' });
		expect(await ask({ way: 'paper' })).toEqual({ refused: 'paper-missing' });
		expect(await ask({ way: 'school-register' })).toEqual({ refused: 'way-unknown' });
		expect(await ask({ scopes: ['sharing'], way: 'phone' })).toEqual({ refused: 'nothing-chosen' });
		expect(await agreeOnPaper()).toEqual({ decided: true });
		const { use, sharing } = await families.standingOf(ctx, child.id);
		expect([use.state, sharing.state, (await now(child)).state]).toEqual(['granted', 'granted', 'active']);
		expect(use.decision?.evidence).toBeTruthy();
		expect(await kinds(child)).toContain('family-confirmed');
	});

	test('decides about partners only after passing on was agreed to, and all of it ends with it', async () => {
		await agreeByCode();
		const decide = async (grant: boolean) =>
			families.decidePartner(of(parent), parent, await ward(parent), {
				partner: 'bookpath',
				grant,
				language: 'en'
			});
		expect(await families.mayPassOn(ctx, await now(child))).toBe(false);
		expect(await decide(true)).toEqual({ refused: 'sharing-not-agreed' });
		await agreeOnPaper();
		expect(await families.mayPassOn(ctx, await now(child))).toBe(true);
		expect(await decide(true)).toEqual({ changed: true });
		const [given] = await consents.history(ctx, child.id, { limit: 1 });
		expect(given?.givenBy).toMatchObject({ kind: 'guardian', id: parent.id });
		const asks = { scope: 'use' as const, language: 'en' };
		expect(await families.withdraw(of(parent), parent, await ward(parent), asks)).toEqual({ changed: true });
		expect((await now(child)).state).toBe('awaiting-consent');
		expect((await consents.stateOf(ctx, child)).get('bookpath')?.state).toBe('withdrawn');
		expect((await families.standingOf(ctx, child.id)).sharing.state).toBe('withdrawn');
		expect(await families.withdraw(of(parent), parent, await ward(parent), asks)).toEqual({ changed: false });
	});

	test('of whom staff could not confirm it may ask anew; an agent decides nothing', async () => {
		const asking = { way: 'phone', scopes: ['use' as const], language: 'en' };
		await families.ask(of(parent), parent, await ward(parent), asking);
		expect((await families.waitingConsents(ctx)).map(({ childId }) => childId)).toContain(child.id);
		const agent = { ...sam, role: 'agent' as const };
		const no = { confirmed: false, note: 'nobody answered' };
		expect(await families.decideAsked(ctx, agent, child.id, no)).toEqual({ refused: 'not-permitted' });
		expect(await families.decideAsked(ctx, sam, child.id, no)).toEqual({ decided: true });
		expect(await families.decideAsked(ctx, sam, child.id, no)).toEqual({ refused: 'case-unknown' });
		expect((await now(child)).state).toBe('awaiting-consent');
		expect(await agreeByCode()).toEqual({ granted: true });
	});
});

describe('what guardians ask', () => {
	const phone = { way: 'phone', scopes: ['use' as const], language: 'en' };

	test('reaches staff oldest first, once for each child, and is gone when it was decided', async () => {
		const other = await mina(ctx, { country: 'KR', guardianIds: [parent.id] });
		for (const one of [child, other, child])
			expect(await families.ask(of(parent), parent, await ward(parent, one), phone)).toEqual({
				state: 'asked'
			});
		const both = [child.id, other.id];
		const waiting = async () =>
			(await families.waitingConsents(ctx)).map(({ childId }) => childId).filter((id) => both.includes(id));
		expect(await waiting()).toEqual([other.id, child.id]);
		await families.decideAsked(ctx, sam, other.id, { confirmed: true, note: 'called' });
		expect(await waiting()).toEqual([child.id]);
	});

	test('is not confirmed for who is no guardian any more', async () => {
		await families.ask(of(parent), parent, await ward(parent), phone);
		await setGuardians(ctx, child.id, [teacher.id]);
		const verdict = { confirmed: true, note: 'called' };
		expect(await families.decideAsked(ctx, sam, child.id, verdict)).toEqual({ refused: 'case-unknown' });
		expect((await now(child)).state).toBe('awaiting-consent');
		expect(await families.decideAsked(ctx, sam, child.id, { ...verdict, confirmed: false })).toEqual({
			decided: true
		});
	});

	test('is limited to ten a day, and the newest decision counts however many there were', async () => {
		for (let round = 0; round < 10; round++)
			await families.ask(of(parent), parent, await ward(parent), phone);
		expect(await families.ask(of(parent), parent, await ward(parent), phone)).toMatchObject({
			refused: 'too-many-tries',
			waitSeconds: expect.any(Number)
		});
		const { way, language } = phone;
		const by = { giver: 'guardian' as const, giverId: parent.id };
		for (let round = 0; round < 500; round++)
			await append(ctx, child, { way, language, ...by, scope: 'use', decision: 'asked' });
		expect(await families.decideAsked(ctx, sam, child.id, { confirmed: true, note: 'called' })).toEqual({
			decided: true
		});
		expect((await families.standingOf(ctx, child.id)).use.state).toBe('granted');
	});
});

describe('a school', () => {
	const paper = {
		way: 'school-register',
		signedOn: '2026-11-20',
		relation: 'mother' as const,
		language: 'en'
	};

	test('enters what a parent signed, for the use alone, and shows it when it is asked', async () => {
		expect(await families.register(of(parent), parent, await ward(parent), paper)).toEqual({
			refused: 'not-yours'
		});
		const later = { ...paper, signedOn: '2026-12-01' };
		expect(await families.register(of(teacher), teacher, await ward(teacher), later)).toEqual({
			refused: 'signed-later'
		});
		expect(await families.register(of(teacher), teacher, await ward(teacher), paper)).toEqual({
			granted: true
		});
		expect((await now(child)).state).toBe('active');
		expect(await families.mayPassOn(ctx, await now(child))).toBe(false);

		const asked = await families.askEvidence(portal.as(`staff:${sam.id}`), sam, child.id);
		expect(asked).toMatchObject({ dueAt: '2026-12-06T09:00:00.000Z' });
		expect(await families.askEvidence(ctx, sam, child.id)).toEqual({ refused: 'asked-already' });
		expect(await families.askedOf(ctx, teacher.id)).toHaveLength(1);
		portal.clock.move('2026-12-06T09:00:01.000Z');
		await workOnce(portal.as());
		expect((await families.evidenceRequests(ctx))[0]).toMatchObject({ childId: child.id, state: 'overdue' });
		const bring = async (content: Buffer) =>
			families.bringEvidence(of(teacher), teacher, await ward(teacher), content);
		expect(await bring(Buffer.from('<script>'))).toEqual({ refused: 'evidence-type-refused' });
		expect(await bring(pdf)).toEqual({ kept: true });
		expect(await families.askedOf(ctx, teacher.id)).toEqual([]);
		const { evidence } = (await families.standingOf(ctx, child.id)).use.decision ?? {};
		expect(await consents.evidenceContent(ctx, child.id, evidence ?? '')).toEqual(pdf);
	});

	test('is shown what it brought itself, not what another school did', async () => {
		const second = await somebody(ctx, { country: 'KR', timeZone: 'Asia/Seoul', name: 'b', role: 'teacher' });
		await setGuardians(ctx, child.id, [parent.id, teacher.id, second.id]);
		await families.register(of(teacher), teacher, await ward(teacher), paper);
		const decisions = await families.history(ctx, child.id);
		const shownTo = async (person: Person) => {
			const acting = await ward(person);
			return decisions.filter((one) => families.isShown(acting, person, one)).length;
		};
		expect([await shownTo(parent), await shownTo(teacher), await shownTo(second)]).toEqual([1, 1, 0]);
	});
});

describe('whoever grows up', () => {
	test('is asked herself at the age of consent, at midnight where she lives, and nothing changes before she answers', async () => {
		expect(await families.decideAlone(of(child), child, { scopes: ['use'], language: 'en' })).toEqual({
			refused: 'guardian-decides'
		});
		// 14 in Korea on 2029-06-01, which begins at 15:00 UTC the day before.
		portal.clock.move('2029-05-31T14:59:00.000Z');
		await workOnce(portal.as());
		expect(await kinds(child)).not.toContain('may-decide');
		portal.clock.move('2029-05-31T15:01:00.000Z');
		await workOnce(portal.as());
		await workOnce(portal.as());
		expect((await kinds(child)).filter((kind) => kind === 'may-decide')).toHaveLength(1);
		expect((await now(child)).state).toBe('awaiting-consent');
		// The nightly import says what it always said.
		const { role, language, timeZone, country, bornOn } = child;
		await amend(ctx, child.id, { role, language, timeZone, country, bornOn, identifiers: {} });
		expect((await now(child)).state).toBe('awaiting-consent');
		const asking = { way: 'email-code', scopes: ['use' as const], language: 'en' };
		expect(await families.ask(of(parent), parent, await ward(parent), asking)).toEqual({
			refused: 'child-decides'
		});
		expect(
			await families.decideAlone(of(child), await now(child), { scopes: ['use'], language: 'en' })
		).toEqual({ granted: true });
		expect((await now(child)).state).toBe('active');
	});

	test('has no guardian any more on the day of majority, also when a file says so again', async () => {
		await agreeOnPaper();
		portal.clock.move('2034-05-31T15:01:00.000Z');
		await workOnce(portal.as());
		expect(await families.wardOf(ctx, parent, child.id)).toBeUndefined();
		expect(await guardianship.guardiansOf(ctx, child.id)).toEqual([]);
		expect(await kinds(child)).toContain('came-of-age');
		expect(await kinds(parent)).toContain('guardianship-ended');
		expect((await families.history(ctx, child.id)).map(({ giver }) => giver)).toContain('guardian');
		expect(await setGuardians(ctx, child.id, [parent.id])).toBe(0);
	});
});

describe('a report', () => {
	const said = { about: 'She is ten.', contact: 'neighbour@example.com', address: '192.0.2.7' };

	test('locks a child’s account at once and destroys its data on the day that was told', async () => {
		expect(await families.report(ctx, { ...said, account: child.externalId })).toEqual({ reported: true });
		expect((await now(child)).state).toBe('locked');
		const [open] = await families.reports(ctx);
		expect(open).toMatchObject({ state: 'open', found: 'locked' });
		expect(await preferences.mayContact(ctx, await now(child), 'email', 'events')).toMatchObject({
			allowed: false
		});
		expect(await lastLetter(parent, 'child-locked')).toBeDefined();
		portal.clock.move('2026-11-25T09:00:01.000Z');
		for (let round = 0; round < 3; round++) await workOnce(portal.as());
		const code = (await portal.as().db.selectFrom('erasureCase').select(['state']).execute()).at(-1);
		expect(['erased', 'closed', 'locked']).toContain(code?.state);
		const [closed] = await families.reports(ctx);
		expect(closed).toMatchObject({ state: 'closed', outcome: 'destroyed' });
		const row = await ctx.db
			.selectFrom('childReport')
			.select('sealed')
			.where('id', '=', closed?.id ?? '')
			.executeTakeFirst();
		expect(row?.sealed).toBeNull();
	});

	test('touches no grown-up, and answers a stranger the same for everybody', async () => {
		const before = await now(parent);
		for (const account of [parent.externalId, `${parent.externalId}@example.com`, 'nobody', child.externalId])
			expect(await families.report(ctx, { ...said, account })).toEqual({ reported: true });
		expect(await now(parent)).toEqual(before);
	});

	test('of a child whose consent is on file waits for staff, who say what they found', async () => {
		await agreeByCode();
		await families.report(ctx, { ...said, account: child.externalId });
		portal.clock.move('2026-11-26T09:00:00.000Z');
		await workOnce(portal.as());
		expect((await now(child)).state).toBe('locked');
		const [open] = await families.reports(ctx);
		const found = await families.reportCase(portal.as(`staff:${sam.id}`), sam, open?.id ?? '');
		expect(found).toMatchObject({ child: { consent: true }, report: { contact: said.contact } });
		expect(await families.release(portal.as(`staff:${sam.id}`), sam, open?.id ?? '', 'by code')).toEqual({
			released: true
		});
		expect((await now(child)).state).toBe('active');
		expect(await kinds(child)).toContain('child-released');
	});

	test('destroys nobody of itself who could use the service before, or who is no child any more', async () => {
		const seoul = { country: 'KR', timeZone: 'Asia/Seoul' };
		const held = await mina(ctx, { ...seoul, consentHeld: true });
		for (const { externalId } of [held, child])
			await families.report(ctx, { ...said, account: externalId, address: '192.0.2.30' });
		const { role, language, timeZone, country } = child;
		const grown = { role, language, timeZone, country, bornOn: '1990-06-01', identifiers: {} };
		await amend(ctx, child.id, grown);
		portal.clock.move('2026-11-26T09:00:00.000Z');
		await workOnce(portal.as());
		expect([(await now(held)).state, (await now(child)).state]).toEqual(['locked', 'locked']);
		for (const { id } of [held, child]) {
			const [lock] = await families.locksOf(ctx, id);
			expect(await families.reportCase(portal.as(`staff:${sam.id}`), sam, lock?.id ?? '')).toMatchObject({
				child: { consent: true }
			});
		}
	});

	test('keeps its lock whatever a guardian asks; by order the account ends, and staying locks it again', async () => {
		await families.report(ctx, { ...said, account: child.externalId, address: '192.0.2.31' });
		const [open] = await families.locksOf(ctx, child.id);
		const lift = async () => families.release(portal.as(`staff:${sam.id}`), sam, open?.id ?? '', 'a mistake');
		expect(await withdrawal.request(of(parent), await now(child))).toEqual({ refused: 'account-locked' });
		expect((await now(child)).state).toBe('locked');
		await withdrawal.request(ctx, await now(child), { orderedBecause: 'the school asked', graceDays: 30 });
		expect(await lift()).toEqual({ refused: 'case-unknown' });
		portal.clock.move('2026-11-25T09:00:01.000Z');
		await workOnce(portal.as());
		await withdrawal.cancel(portal.as(), child);
		expect((await now(child)).state).toBe('locked');
		portal.clock.move('2026-11-26T09:00:02.000Z');
		for (let round = 0; round < 3; round++) await workOnce(portal.as());
		const closed = (await families.reports(portal.as())).find(({ id }) => id === open?.id);
		expect(closed).toMatchObject({ outcome: 'destroyed' });
	});

	test('leaves a child waiting whose consent was taken back while it was locked', async () => {
		await agreeByCode();
		await families.report(ctx, { ...said, account: child.externalId, address: '192.0.2.32' });
		const asks = { scope: 'use' as const, language: 'en' };
		await families.withdraw(of(parent), parent, await ward(parent), asks);
		const [open] = await families.locksOf(ctx, child.id);
		expect(await families.release(portal.as(`staff:${sam.id}`), sam, open?.id ?? '', 'looked')).toEqual({
			released: true
		});
		expect((await now(child)).state).toBe('awaiting-consent');
	});

	test('is told to the child at the sign-in, and to nobody who has no password', async () => {
		const own = await mina(ctx, { country: 'KR', password: 'demonstration-only' });
		await families.report(ctx, { ...said, account: own.externalId });
		const device = { userAgent: 'test', address: '192.0.2.8' };
		const attempt = { identifier: own.externalId, device, language: null };
		expect(await signIn(ctx, { ...attempt, password: 'demonstration-only' })).toEqual({
			refused: 'account-locked'
		});
		expect(await signIn(ctx, { ...attempt, password: 'wrong' })).toEqual({ refused: 'wrong-credentials' });
	});
});

test('the contract counts, gives out and destroys, for one child alone', async () => {
	const other = await mina(ctx, { country: 'KR', guardianIds: [parent.id] });
	await agreeOnPaper();
	await families.report(ctx, { account: child.externalId, about: '', contact: '', address: '192.0.2.9' });
	const [{ records } = { records: 0 }] = await familiesContract.count(ctx, child.id);
	const parts = await familiesContract.collect(ctx, child.id);
	expect(parts.reduce((sum, { expected = 0 }) => sum + expected, 0)).toBe(records);
	for (const part of parts)
		for await (const rows of part.pages())
			expect(Object.keys(rows[0] ?? {}).sort()).toEqual(part.fields.map(({ id }) => id).sort());
	while (!(await familiesContract.erase(ctx, child.id, 2)).done);
	expect(await familiesContract.count(ctx, child.id)).toEqual([{ category: 'portal.family', records: 0 }]);
	expect(await familiesContract.count(ctx, other.id)).toEqual([{ category: 'portal.family', records: 0 }]);
});

test('the gate lets nothing of a waiting or locked child out, and of a kept-in one only what works for the organisation', async () => {
	const codesFor = async (partner: string, purpose: string, fields: string[]) => {
		const [outcome] = await disclosures.release(portal.as(), child.id, [{ partner, purpose, fields }]);
		return outcome && 'fields' in outcome ? outcome.fields.map(({ code }) => code) : outcome;
	};
	const partner = ctx.organisation.partners.find(({ id }) => id === 'quizgarden');
	const given = recipientOf(ctx.organisation, 'quizgarden', child.role);
	const ask = () => codesFor('quizgarden', partner?.purpose ?? '', (given?.fields ?? []).slice(0, 1));
	expect(await ask()).toEqual(['awaiting-consent']);
	await agreeByCode();
	expect(await ask()).toEqual(['sharing-not-agreed']);
	await agreeOnPaper();
	expect(await ask()).toEqual(['consent-missing']);
	const granting = { partner: 'quizgarden', grant: true, language: 'en' };
	await families.decidePartner(of(parent), parent, await ward(parent), granting);
	expect(await ask()).toMatchObject({ recorded: 'released' });
	await families.report(ctx, { account: child.externalId, about: '', contact: '', address: '192.0.2.20' });
	expect(await ask()).toEqual(['account-locked']);
});

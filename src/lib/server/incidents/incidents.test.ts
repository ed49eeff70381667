import { describe, expect, test, vi } from 'vitest';
import { alice, bob, charlie, somebody } from '../../../../tests/support/people.ts';
import { portalForTest } from '../../../../tests/support/portal-for-test.ts';
import * as audit from '../audit/audit.ts';
import type { Context } from '../context.ts';
import { history } from '../delivery/delivery.ts';
import { aboutIncident } from './incident.ts';
import * as incidents from './incidents.ts';

const portal = portalForTest({ description: 'examples/classting', startAt: '2026-11-22T09:00:00.000Z' });
const sam = { id: 'officer-sam', name: 'Sam', role: 'officer' as const };
const agent = { id: 'agent-choi', name: 'Choi', role: 'agent' as const };

const breach = (affected: incidents.NewIncident['affected'], more: Partial<incidents.NewIncident> = {}) => ({
	what: { en: 'A list of accounts was copied.', ko: '계정 목록이 복사되었습니다.' },
	knownAt: new Date('2026-11-22T08:00:00.000Z'),
	happenedFrom: new Date('2026-11-20T08:00:00.000Z'),
	fields: ['account.email', 'profile'],
	affected,
	note: 'Case 1',
	...more
});

async function recorded(ctx: Context, given: incidents.NewIncident): Promise<string> {
	const outcome = await incidents.recordAs(ctx, sam, given);
	if ('refused' in outcome) throw new Error(outcome.refused);
	await workOff(ctx);
	return outcome.id;
}

async function workOff(ctx: Context): Promise<void> {
	for (let round = 0; round < 100 && (await incidents.incidentWork.run(ctx)) > 0; round++);
}

const letters = async (ctx: Context, personId: string) =>
	(await history(ctx, personId, undefined, 50)).filter(({ template }) => template.startsWith('incident-'));

async function announced(ctx: Context, id: string): Promise<void> {
	expect(await incidents.announce(ctx, sam, { id, note: 'Agreed with the board' })).toHaveProperty(
		'announcedAt'
	);
	await workOff(ctx);
}

describe('a person whose data was involved', () => {
	test('is told once by mail and in the portal, in their language; somebody else sees and gets nothing', async () => {
		const ctx = portal.as();
		const [person, other] = [await alice(ctx, { language: 'ko', country: 'KR' }), await bob(ctx)];
		const id = await recorded(ctx, breach({ people: [person.externalId, 'nobody-knows'] }));
		expect(await letters(ctx, person.id)).toEqual([]);
		expect(await incidents.read(ctx, person, 'ko')).toEqual([]);

		await announced(ctx, id);
		await workOff(ctx);
		expect(await letters(ctx, person.id)).toMatchObject([{ template: 'incident-announced' }]);
		expect(await incidents.unread(ctx, person.id)).toBe('incident');
		const [event] = await audit.page(ctx, person.id, undefined, 1);
		expect(event?.kind).toBe('incident-announced');
		const [told] = await incidents.read(ctx, person, 'ko');
		expect(told).toMatchObject({ id, isNew: true, isDrill: false });
		expect(told?.notice).toContain('계정 목록이 복사되었습니다.');
		expect(await incidents.unread(ctx, person.id)).toBeUndefined();

		expect(await letters(ctx, other.id)).toEqual([]);
		expect(await incidents.read(ctx, other, 'ko')).toEqual([]);
		expect(await incidents.unread(ctx, other.id)).toBeUndefined();
		const log = await incidents.toldLog(ctx, sam, { id });
		expect('rows' in log && log.rows).toMatchObject([
			{ personId: person.id, state: 'queued', readAt: expect.any(String) }
		]);
	});

	test('reads what the law of their country wants: the heads of GDPR, of PIPA with its remedies, of California', async () => {
		const ctx = portal.as();
		const person = await alice(ctx);
		const id = await recorded(ctx, breach({ people: [person.externalId] }));
		const found = await incidents.find(ctx, sam, id);
		if ('refused' in found) throw new Error(found.refused);
		const notice = (regime: incidents.Regime, language: string) =>
			incidents.noticeIn(ctx, found.incident, regime, language);
		for (const head of ['What may follow', 'What we are doing', 'Where you can complain'])
			expect(notice('gdpr', 'en')).toContain(head);
		for (const head of ['관련된 개인정보 항목', '이용자가 할 수 있는 조치', '손해배상', '분쟁조정', '문의처'])
			expect(notice('pipa', 'ko')).toContain(head);
		expect(notice('us', 'en')).toMatch(/^Notice of data breach/);
		for (const head of ['What information was involved', 'What you can do', 'For more information'])
			expect(notice('us', 'en')).toContain(head);
		const report = incidents.authorityDraft(ctx, found.incident, 'gdpr', 'en');
		for (const part of ['Article 33', 'One person', 'Email', 'Jaesang Yoo', 'What may follow'])
			expect(report).toContain(part);
	});

	test('gets the text as it was edited, which nobody can change afterwards', async () => {
		const ctx = portal.as();
		const person = await alice(ctx, { language: 'en', country: 'ES' });
		const id = await recorded(ctx, breach({ people: [person.externalId] }));
		const edited = { id, regime: 'gdpr' as const, language: 'en', text: 'In our own words.' };
		expect(await incidents.edit(ctx, sam, edited)).toEqual({ edited: true });
		await announced(ctx, id);
		expect((await incidents.read(ctx, person, 'en'))[0]?.notice).toBe('In our own words.');
		expect(await incidents.edit(ctx, sam, edited)).toEqual({ refused: 'announced-already' });
		expect(await incidents.announce(ctx, sam, { id, note: 'Again' })).toEqual({
			refused: 'announced-already'
		});
		expect(await letters(ctx, person.id)).toHaveLength(1);
	});
});

describe('whom an incident concerns', () => {
	test('is found by role, country and what is held', async () => {
		const ctx = portal.as();
		const person = await somebody(ctx, { role: 'parent', country: 'PT' });
		const other = await somebody(ctx, { role: 'parent', country: 'ES' });
		const third = await somebody(ctx, { role: 'student', country: 'PT' });
		const id = await recorded(ctx, breach({ roles: ['parent'], countries: ['PT'], holds: 'account' }));
		const found = await incidents.toldLog(ctx, sam, { id });
		const ids = 'rows' in found ? found.rows.map(({ personId }) => personId) : [];
		expect(ids).toEqual([person.id]);
		expect(ids).not.toContain(other.id);
		expect(ids).not.toContain(third.id);
	});

	test('is everybody, in batches, when everybody is named', async () => {
		const ctx = portal.as();
		const person = await charlie(ctx);
		const id = await recorded(ctx, breach({ everybody: true }));
		const found = await incidents.find(ctx, sam, id);
		expect('incident' in found && found.incident.phase).toBe('found');
		const log = await incidents.toldLog(ctx, sam, { id });
		expect('rows' in log && log.rows.some(({ personId }) => personId === person.id)).toBe(true);
	});

	test('and what is wrong is refused', async () => {
		const ctx = portal.as();
		const record = (given: Partial<incidents.NewIncident>) =>
			incidents.record(ctx, { ...breach({ everybody: true }), ...given });
		expect(await record({ affected: {} })).toEqual({ refused: 'nobody-named' });
		expect(await record({ affected: { roles: ['queen'] } })).toEqual({ refused: 'role-unknown' });
		expect(await record({ affected: { receivedBy: 'x' } })).toEqual({ refused: 'partner-unknown' });
		expect(await record({ affected: { holds: 'x' } })).toEqual({ refused: 'category-unknown' });
		expect(await record({ fields: ['account.shoe'] })).toEqual({ refused: 'field-unknown' });
		expect(await record({ what: { fr: 'Bonjour' } })).toEqual({ refused: 'language-unknown' });
		expect(await record({ knownAt: new Date('2026-11-23') })).toEqual({ refused: 'known-in-future' });
		expect(await record({ happenedFrom: new Date('2026-11-22T08:30:00.000Z') })).toEqual({
			refused: 'happened-wrong'
		});
	});
});

test('a drill runs the same clock and reaches nobody real', async () => {
	const ctx = portal.as();
	const person = await alice(ctx);
	const id = await recorded(ctx, breach({ people: [person.externalId] }, { isDrill: true }));
	const found = await incidents.find(ctx, sam, id);
	expect('incident' in found && found.incident).toMatchObject({
		isDrill: true,
		found: 0,
		authorityDueAt: '2026-11-25T08:00:00.000Z'
	});
	expect(await incidents.announce(ctx, sam, { id, note: 'x' })).toEqual({ refused: 'nobody-affected' });
	const everybody = await recorded(ctx, breach({ everybody: true }, { isDrill: true }));
	expect(await incidents.toldLog(ctx, sam, { id: everybody })).toMatchObject({ rows: [] });

	const practising = {
		...ctx,
		organisation: { ...ctx.organisation, incidents: { drillPeople: [person.externalId] } }
	};
	const practice = await recorded(practising, breach({ everybody: true }, { isDrill: true }));
	await announced(practising, practice);
	expect(await letters(ctx, person.id)).toMatchObject([{ template: 'incident-drill' }]);
	expect((await incidents.read(ctx, person, 'en'))[0]?.notice).toMatch(/^DRILL/);
});

test('the clock of 72 hours is seen, warns twelve hours before, once, and stops when the authority was told', async () => {
	const ctx = portal.as();
	const log = { ...ctx.log, warn: vi.fn(), error: vi.fn() };
	const watching = { ...ctx, log } as unknown as Context;
	const id = await recorded(ctx, breach({ everybody: true }));
	const clock = async () => {
		const found = await incidents.find(ctx, sam, id);
		if ('refused' in found) throw new Error(found.refused);
		return incidents.clockOf(ctx, found.incident);
	};
	expect(await clock()).toEqual({ state: 'running', dueAt: '2026-11-25T08:00:00.000Z', hours: 71 });
	await incidents.incidentAlarm.run(watching);
	expect(log.warn).not.toHaveBeenCalled();

	portal.clock.move('2026-11-24T20:00:00.000Z');
	expect(await clock()).toMatchObject({ state: 'soon', hours: 12 });
	await incidents.incidentAlarm.run(watching);
	const warned = log.warn.mock.calls.length;
	expect(warned).toBeGreaterThan(0);
	await incidents.incidentAlarm.run(watching);
	expect(log.warn).toHaveBeenCalledTimes(warned);

	portal.clock.move('2026-11-25T09:30:00.000Z');
	expect(await clock()).toMatchObject({ state: 'over', hours: 1 });
	await incidents.incidentAlarm.run(watching);
	expect(log.error).toHaveBeenCalledWith(expect.objectContaining({ incident: id }), expect.any(String));
	expect(await incidents.tellAuthority(ctx, sam, { id, note: 'By form' })).toHaveProperty('toldAt');
	expect(await clock()).toMatchObject({ state: 'late' });
	expect(await incidents.tellAuthority(ctx, sam, { id, note: 'Again' })).toEqual({
		refused: 'authority-told-already'
	});
	portal.clock.move('2026-11-22T09:00:00.000Z');
});

test('an agent neither records nor reads nor announces anything', async () => {
	const ctx = portal.as();
	const id = await recorded(ctx, breach({ everybody: true }));
	const refused = { refused: 'not-permitted' };
	expect(await incidents.recordAs(ctx, agent, breach({ everybody: true }))).toEqual(refused);
	expect(await incidents.list(ctx, agent)).toEqual(refused);
	expect(await incidents.find(ctx, agent, id)).toEqual(refused);
	expect(await incidents.toldLog(ctx, agent, { id })).toEqual(refused);
	expect(await incidents.edit(ctx, agent, { id, regime: 'gdpr', language: 'en', text: 'x' })).toEqual(
		refused
	);
	expect(await incidents.tellAuthority(ctx, agent, { id, note: 'x' })).toEqual(refused);
	expect(await incidents.announce(ctx, agent, { id, note: 'x' })).toEqual(refused);
	expect(aboutIncident(id)).toBe(`incident ${id}`);
});

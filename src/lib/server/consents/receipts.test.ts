import { beforeEach, describe, expect, test } from 'vitest';
import { alice, as, bob, mina } from '../../../../tests/support/people.ts';
import { portalForTest } from '../../../../tests/support/portal-for-test.ts';
import type { Person } from '../accounts/accounts.ts';
import * as audit from '../audit/audit.ts';
import * as delivery from '../delivery/delivery.ts';
import * as consents from './consents.ts';
import { consentsContract } from './personal-data.ts';

const portal = portalForTest({ description: 'examples/classting' });
const partner = 'quizgarden';
const paper = Buffer.from('%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF');
const school = { kind: 'school' as const, id: 'hanbit', name: 'Hanbit School' };

let somebody: Person;
let other: Person;
beforeEach(async () => {
	portal.clock.move('2026-11-22T09:00:00.000Z');
	somebody = await alice(portal.as());
	other = await bob(portal.as());
});

const latest = async (person = somebody) =>
	(await consents.history(portal.as(), person.id, { limit: 1 }))[0] as consents.Decision;
const receipt = async (person = somebody) => consents.receiptOf(portal.as(), person.id, await latest(person));

describe('a receipt', () => {
	test('says what was read and stored, in the blocks of ISO/IEC TS 27560, also after the description has changed', async () => {
		await consents.grant(as(portal.as(), somebody), somebody, partner, { language: 'ko' });
		const decision = await latest();
		const before = await receipt();
		expect(before).toMatchObject({
			header: { record_id: decision.id, pii_principal_id: somebody.id },
			pii_processing: {
				consent_text: decision.words,
				language: 'ko',
				privacy_notice: { version: expect.any(String) as string },
				purpose: { id: 'partner-services' },
				pii_information: decision.fields,
				pii_information_version: decision.version,
				pii_controllers: ['classting'],
				recipient_third_parties: [partner],
				withdrawal_method: 'http://localhost:3000/sharing/quizgarden'
			},
			party_identification: [
				{ party_role: 'controller', party_name: '클래스팅' },
				{ party_role: 'recipient', party_name: 'Quizgarden', party_country: 'SG' }
			],
			event: { event_time: decision.at, event_state: 'given', entity: 'person', entity_id: somebody.id }
		});
		expect(before.pii_processing.storage_locations.length).toBeGreaterThan(0);

		const organisation = structuredClone(portal.as().organisation);
		organisation.organisation.name['ko'] = 'Another';
		organisation.partners = organisation.partners.filter(({ id }) => id !== partner);
		expect(await consents.receiptOf({ ...portal.as(), organisation }, somebody.id, decision)).toEqual(before);
	});

	test('is signed, and reads well in the language of the decision', async () => {
		await consents.grant(portal.as(), somebody, partner, { language: 'en' });
		await consents.withdraw(portal.as(), somebody, partner, { language: 'es' });
		const made = await receipt();
		const jws = await consents.signedReceipt(portal.as(), made);
		expect(await portal.as().signer.read(consents.receiptType, jws)).toEqual(made);
		const text = consents.receiptText(made, 'Europe/Madrid');
		expect(text).toContain('JUSTIFICANTE DE UN CONSENTIMIENTO RETIRADO');
		expect(text).toContain('Quizgarden');
		expect(text).not.toMatch(/consents:|undefined|\{\{/);
	});

	test('lies in the export, alone in its file; nobody else’s does', async () => {
		for (const person of [somebody, other])
			await consents.grant(portal.as(), person, partner, { language: 'en' });
		const parts = await consentsContract.collect(portal.as(), somebody.id, new Set(['portal.sharing']));
		const { id } = await latest();
		expect(parts.map(({ path }) => path)).toEqual(['sharing/consents', `sharing/receipts/${id}`]);
		const [rows] = await Array.fromAsync(parts[1]?.pages() ?? []);
		expect(rows).toEqual([await receipt()]);
		expect(await consents.find(portal.as(), other.id, id)).toBeUndefined();
	});
});

describe('a school or a guardian agrees for a child', () => {
	test('on a paper that stays on file, sealed; the child decides nothing alone', async () => {
		const child = await mina(portal.as(), { consentHeld: true });
		expect(await consents.grant(as(portal.as(), child), child, partner, { language: 'en' })).toEqual({
			refused: 'guardian-decides'
		});
		const kept = await consents.keepEvidence(portal.as(), child.id, paper);
		const evidence = 'id' in kept ? kept.id : '';
		expect(
			await consents.grant(portal.as(), child, partner, { language: 'en', by: school, evidence })
		).toEqual({ changed: true });
		expect(await latest(child)).toMatchObject({ givenBy: school, evidence });
		expect((await receipt(child)).event).toMatchObject({
			entity: 'school',
			entity_name: 'Hanbit School',
			evidence: { id: evidence, type: 'application/pdf', bytes: paper.length }
		});
		expect(await consents.evidence(portal.as(), child.id, evidence)).toMatchObject({
			name: `consent-${evidence}.pdf`
		});
		expect(await consents.evidenceContent(portal.as(), child.id, evidence)).toEqual(paper);
		expect(await consents.evidenceContent(portal.as(), other.id, evidence)).toBeUndefined();
		const row = await portal
			.as()
			.db.selectFrom('consentEvidence')
			.select('content')
			.where('personId', '=', child.id)
			.executeTakeFirstOrThrow();
		expect(row.content.includes('%PDF')).toBe(false);
		const parts = await consentsContract.collect(portal.as(), child.id);
		const papers = parts.find(({ path }) => path === 'sharing/evidence');
		const [held] = await Array.fromAsync(papers?.files?.() ?? []);
		const file = `files/evidence/${evidence}.pdf`;
		expect((await Array.fromAsync(papers?.pages() ?? [])).flat()).toMatchObject([{ id: evidence, file }]);
		expect(held).toMatchObject({ path: file, mediaType: 'application/pdf' });
		expect(Buffer.concat(await Array.fromAsync(held?.open() ?? []))).toEqual(paper);
		const [event] = await audit.page(portal.as(), child.id, undefined, 1);
		expect(event).toMatchObject({ kind: 'consent-granted-by-school', details: { partner } });
		expect(
			await consents.withdraw(portal.as(), child, partner, {
				language: 'en',
				by: { kind: 'guardian', id: somebody.id }
			})
		).toEqual({ changed: true });
		expect((await latest(child)).givenBy).toEqual({ kind: 'guardian', id: somebody.id });
		while (!(await consentsContract.erase(portal.as(), child.id, 2)).done);
		expect(await consents.evidence(portal.as(), child.id, evidence)).toBeUndefined();
	});

	test('but on nobody else’s paper, and on nothing that is no paper', async () => {
		const kept = await consents.keepEvidence(portal.as(), other.id, paper);
		const evidence = 'id' in kept ? kept.id : '';
		expect(
			await consents.grant(portal.as(), somebody, partner, { language: 'en', by: school, evidence })
		).toEqual({ refused: 'evidence-unknown' });
		for (const [content, refused] of [
			['', 'evidence-empty'],
			['<html><script>alert(1)</script>', 'evidence-type-refused'],
			['MZ\u0090 a program', 'evidence-type-refused'],
			['%PDF-1.7'.padEnd(5_000_001), 'evidence-too-large']
		] as const)
			expect(await consents.keepEvidence(portal.as(), somebody.id, Buffer.from(content))).toEqual({
				refused
			});
	});
});

test('a partner is told that an agreement was taken back, and the person can see what became of it', async () => {
	const organisation = structuredClone(portal.as().organisation);
	for (const one of organisation.partners)
		if (one.id === partner) one.webhook = 'https://quizgarden.example.com/hook';
	const ctx = { ...portal.as(), organisation };
	const told = async () => delivery.toldPartners(ctx, somebody.id, consents.matterOf((await latest()).id));
	await consents.grant(ctx, somebody, partner, { language: 'en' });
	expect(await told()).toMatchObject([{ partner, state: 'waiting' }]);
	await consents.withdraw(ctx, somebody, partner, { language: 'en' });
	expect(await told()).toMatchObject([{ partner, state: 'waiting' }]);
	await consents.grant(portal.as(), somebody, 'bookpath', { language: 'en' });
	expect(await told()).toEqual([]);
	await consents.withdraw(portal.as(), somebody, 'bookpath', { language: 'en' });
	expect(await told()).toMatchObject([{ partner: 'bookpath', state: 'no-webhook' }]);
});

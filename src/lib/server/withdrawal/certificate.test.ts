import fc from 'fast-check';
import { Decrypter } from 'age-encryption';
import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { as, somebody } from '../../../../tests/support/people.ts';
import { archiveIdentity, portalForTest } from '../../../../tests/support/portal-for-test.ts';
import type { Person } from '../accounts/people.ts';
import * as archive from '../archive/archive.ts';
import type { Context } from '../context.ts';
import { PersonLocked, record } from '../audit/audit.ts';
import { after } from '../platform/clock.ts';
import { derive } from '../platform/keys/derive.ts';
import { workOnce } from '../platform/work/work.ts';
import { recordExpiry } from '../records/expiry.ts';
import { counts as recordCounts, put } from '../records/records.ts';
import { certificateType, type Certificate } from './case/certificate.ts';
import { erasureWork } from './erasure.ts';
import * as withdrawal from './withdrawal.ts';

const portal = portalForTest({ description: 'examples/classting' });

const startAt = '2026-11-22T09:00:00.000Z';

/** Somebody with so many records that the law keeps, records that it does not keep, and events. */
async function withRecords(kept: number, other: number, events: number): Promise<Person> {
	const ctx = portal.as();
	const person = await somebody(ctx, { name: `p${randomUUID().slice(0, 8)}`, role: 'student' });
	const at = startAt;
	const records = (category: string, count: number, fields: object) =>
		Array.from({ length: count }, (_, number) => ({ category, id: `${category}-${number}`, at, fields }));
	const outcome = await put(ctx, person.id, [
		...records('agreements', kept, { subject: 'terms', version: '2016' }),
		...records('devices', other, { model: 'needle-of-a-device' })
	] as never);
	if ('refused' in outcome || outcome.problems.length) throw new Error(JSON.stringify(outcome));
	for (let event = 0; event < events; event++) await record(as(ctx, person), person.id, 'session-started');
	return person;
}

/** Leaves, and comes back with the certificate. */
async function leave(
	ctx: Context,
	person: Person
): Promise<{ certificate: Certificate; jws: string; code: string }> {
	await withdrawal.request(as(ctx, person), person);
	const code = (await withdrawal.claimCode(ctx, person.id)) as string;
	portal.clock.move(after(portal.clock.now(), 8, 'days'));
	for (let round = 0; round < 3; round++) {
		await workOnce(ctx);
		portal.clock.move(after(portal.clock.now(), 61, 'minutes'));
	}
	const claimed = await withdrawal.claim(ctx, code, randomUUID());
	portal.clock.move(startAt);
	if (!('issued' in claimed) || !claimed.issued)
		throw new Error(`no certificate: ${JSON.stringify(claimed)}`);
	return { ...claimed.issued, code };
}

test('the certificate says to the record what the rehearsal said of the same state', async () => {
	await fc.assert(
		fc.asyncProperty(fc.nat(4), fc.nat(5), fc.nat(5), async (kept, other, events) => {
			const ctx = portal.as();
			const person = await withRecords(kept, other, events);
			const before = await withdrawal.rehearse(ctx, person.id);
			const { certificate } = await leave(ctx, person);
			// What leaving itself writes down (the request, a reminder, the lock) is destroyed as well.
			const own = new Set(['portal.activity', 'portal.messages', 'portal.withdrawals']);
			const comparable = ({ destroyed }: Pick<Certificate, 'destroyed'>) =>
				destroyed
					.filter(({ category }) => !own.has(category))
					.toSorted((a, b) => (a.category < b.category ? -1 : 1));
			expect(comparable(certificate)).toEqual(comparable(before));
			expect(certificate.kept.map(({ law: _law, ...rest }) => rest)).toEqual(
				before.kept.map(({ category, records, ground, until }) => ({ category, records, ground, until }))
			);
			expect(certificate).toMatchObject({ rowsLeft: 0, version: 1 });
		}),
		{ numRuns: 8 }
	);
});

test('the name of the key is made from that key, and not from what stays of the person', async () => {
	const ctx = portal.as();
	const person = await withRecords(0, 0, 0);
	const key = await ctx.keys.of(person.id);
	const { certificate } = await leave(ctx, person);
	expect(await ctx.keys.exists(person.id)).toBe(false);
	expect(certificate.key.id).toBe(derive(key, 'key-id').toString('base64url'));
	expect(certificate.key.id).not.toBe(ctx.keys.blindIndex('key-id', person.id).toString('base64url'));
});

test('the certificate is signed, and says nothing about whose it was', async () => {
	const ctx = portal.as();
	const person = await withRecords(1, 2, 1);
	const { certificate, jws } = await leave(ctx, person);
	expect(await ctx.signer.read(certificateType, jws)).toEqual(certificate);
	for (const needle of [person.id, person.externalId, 'example.com'])
		expect(JSON.stringify(certificate)).not.toContain(needle);
	expect(certificate.key.destroyedAt <= certificate.erasedAt).toBe(true);
	expect(certificate.backupsAgeOutOn).toBe('2026-12-07');
});

test('what the law keeps opens with the officer’s key alone, and is destroyed on its day', async () => {
	const ctx = portal.as();
	const person = await withRecords(3, 1, 0);
	const { certificate } = await leave(ctx, person);
	expect(certificate.kept.length).toBeGreaterThan(0);
	const entries = await archive.list(ctx, undefined, 100);
	const opened = [];
	for (const { id } of entries) {
		const file = await archive.ageFile(ctx, id);
		if ('refused' in file) continue;
		expect(file.content.includes(person.externalId)).toBe(false);
		const decrypter = new Decrypter();
		decrypter.addIdentity(archiveIdentity);
		const content = JSON.parse(await decrypter.decrypt(file.content, 'text')) as archive.Archived;
		if (content.person.id === person.id) opened.push({ id, content });
	}
	expect(opened.length).toBeGreaterThan(0);
	for (const { id, content } of opened) {
		expect(content).toMatchObject({ person: { externalId: person.externalId }, format: 'candor-archive/1' });
		await archive.hold(ctx, id, { by: 'officer', why: 'a dispute runs' });
		portal.clock.move(`${content.endsOn}T00:00:00.000Z`);
		await workOnce(ctx);
		expect(await archive.ageFile(ctx, id)).toHaveProperty('content');
		await archive.release(ctx, id);
		await workOnce(ctx);
		expect(await archive.ageFile(ctx, id)).toEqual({ refused: 'entry-destroyed' });
		portal.clock.move(startAt);
	}
});

test('somebody who leaves is reminded at half of the time and a day before, once each', async () => {
	const ctx = portal.as();
	const person = await withRecords(0, 0, 0);
	await withdrawal.request(as(ctx, person), person);
	const reminders = async () =>
		(
			await ctx.db
				.selectFrom('outbox')
				.select('id')
				.where('personId', '=', person.id)
				.where('template', '=', 'withdrawal-reminder')
				.execute()
		).length;
	const seen = [];
	for (let hours = 0; hours < 7 * 24; hours += 6) {
		portal.clock.move(after(new Date(startAt), hours, 'hours'));
		await workOnce(ctx);
		seen.push(await reminders());
	}
	expect(seen.indexOf(1) * 6).toBe(84);
	expect(seen.indexOf(2) * 6).toBe(144);
	expect(seen.at(-1)).toBe(2);
	portal.clock.move(startAt);
	await withdrawal.cancel(as(ctx, person), person);
});

test('nothing of somebody who is locked changes any more, and what was counted is what goes', async () => {
	const ctx = portal.as();
	const person = await withRecords(2, 1, 0);
	await withdrawal.request(as(ctx, person), person);
	portal.clock.move(after(portal.clock.now(), 7, 'days'));
	await erasureWork.run(ctx);
	await expect(record(as(ctx, person), person.id, 'session-started')).rejects.toThrow(PersonLocked);
	portal.clock.move(after(portal.clock.now(), 40, 'days'));
	await recordExpiry.run(ctx);
	expect((await recordCounts(ctx, person.id)).get('agreements')).toBe(2);
	for (let round = 0; round < 3; round++) {
		await workOnce(ctx);
		portal.clock.move(after(portal.clock.now(), 61, 'minutes'));
	}
	expect(await ctx.keys.isErased(person.id)).toBe(true);
	portal.clock.move(startAt);
});

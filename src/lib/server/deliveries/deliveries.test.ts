import { beforeEach, describe, expect, test } from 'vitest';
import { alice } from '../../../../tests/support/people.ts';
import { portalForTest } from '../../../../tests/support/portal-for-test.ts';
import * as audit from '../audit/audit.ts';
import type { Person } from '../accounts/accounts.ts';
import * as delivery from '../delivery/delivery.ts';
import type { OutboxTable } from '../schema.ts';
import type { Member } from '../staff/staff.ts';
import * as deliveries from './deliveries.ts';

const portal = portalForTest({ description: 'tests/support/third-organisation' });
const memberOf = (role: Member['role']): Member => ({ id: `sam-${role}`, name: role, role });
const changed = { template: 'password-changed', values: { changedAt: '2026-11-22T09:00:00.000Z' } } as const;
const reason = 'The mail server says that it never saw it.';

let person: Person;
let id: string;
beforeEach(async () => {
	portal.clock.move('2026-11-22T09:00:00.000Z');
	await portal.as().db.deleteFrom('outbox').execute();
	person = await alice(portal.as(), { language: 'en' });
	const sent = await delivery.send(portal.as(), person.id, changed);
	id = 'id' in sent ? sent.id : '';
	await become({ state: 'unconfirmed', attempts: 1, nextAttemptAt: '2026-11-29T09:00:00.000Z' });
});

const become = (changes: Partial<OutboxTable>) =>
	portal.as().db.updateTable('outbox').set(changes).where('id', '=', id).execute();
const row = () => portal.as().db.selectFrom('outbox').selectAll().where('id', '=', id).executeTakeFirst();
const sendAgain = (role: Member['role'], given = { id, reason }) =>
	deliveries.sendAgain(portal.as(), memberOf(role), given);

describe('Sam, an officer', () => {
	test('sees how many messages stand how, and which did not arrive, without a name', async () => {
		const standing = await deliveries.standing(portal.as(), memberOf('officer'));
		expect(standing).toMatchObject({
			tally: [{ state: 'unconfirmed', channel: 'email', messages: 1 }],
			failed: [],
			unconfirmed: [{ id, template: 'password-changed', isOpen: true }]
		});
		expect(JSON.stringify(standing)).not.toContain(person.id);
		expect(JSON.stringify(standing)).not.toContain('alice');
	});

	test('sends one again with a reason, once, and Alice reads it', async () => {
		expect(await sendAgain('officer')).toEqual({ offered: true });
		expect(await row()).toMatchObject({ state: 'waiting', handedAt: null, attempts: 0 });
		expect(await sendAgain('officer')).toEqual({ refused: 'message-unknown' });
		const [event] = await audit.page(portal.as(), person.id, undefined, 1);
		expect(event).toMatchObject({
			kind: 'message-sent-again',
			details: { letter: 'password-changed', reason }
		});
	});

	test.each(['', '   ', 'x'.repeat(501), 'a\u0007b'])('needs a reason: %j is none', async (reason) => {
		expect(await sendAgain('officer', { id, reason })).toEqual({ refused: 'reason-needed' });
		expect(await row()).toMatchObject({ state: 'unconfirmed' });
	});

	test('can not send what was sent, what has lost its words, or what belongs to somebody who is being erased', async () => {
		for (const changes of [
			{ state: 'sent' as const },
			{ state: 'unconfirmed' as const, nextAttemptAt: null }
		]) {
			await become(changes);
			expect(await sendAgain('officer')).toEqual({ refused: 'message-unknown' });
		}
		await become({ nextAttemptAt: '2026-11-29T09:00:00.000Z' });
		await portal.as().db.updateTable('person').set({ state: 'erasing' }).execute();
		expect(await sendAgain('officer')).toEqual({ refused: 'message-unknown' });
	});
});

test('an agent may neither see nor send', async () => {
	expect(await deliveries.standing(portal.as(), memberOf('agent'))).toEqual({ refused: 'not-permitted' });
	expect(await sendAgain('agent')).toEqual({ refused: 'not-permitted' });
	expect(await row()).toMatchObject({ state: 'unconfirmed' });
});

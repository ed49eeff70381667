// The machine's clock is set back, as after a wrong start or by hand: nothing that was done is done again, nobody is thrown out.
import { expect, test } from 'vitest';
import { signIn } from '../../src/lib/server/accounts/accounts.ts';
import * as sessions from '../../src/lib/server/accounts/sessions.ts';
import * as audit from '../../src/lib/server/audit/audit.ts';
import * as delivery from '../../src/lib/server/delivery/delivery.ts';
import { after } from '../../src/lib/server/platform/clock.ts';
import { workOnce } from '../../src/lib/server/platform/work/work.ts';
import * as records from '../../src/lib/server/records/records.ts';
import * as withdrawal from '../../src/lib/server/withdrawal/withdrawal.ts';
import { startMailServer } from './kills/mail-server.ts';
import { alice, as, bob, password } from '../support/people.ts';
import { portalForTest } from '../support/portal-for-test.ts';

const portal = portalForTest({ description: 'tests/support/third-organisation' });

test('what was due and done is not due again, and a session goes on', async () => {
	const mail = await startMailServer();
	const before = portal.as();
	const ctx = { ...before, settings: { ...before.settings, smtpUrl: mail.url } };
	const [person, leaving] = [await alice(ctx), await bob(ctx)];
	const device = { userAgent: '', address: '127.0.0.1' };
	const identifier = `${person.externalId}@example.com`;
	const signedIn = await signIn(ctx, { identifier, password, device, language: null });
	const secretId = 'secretId' in signedIn ? signedIn.secretId : '';
	await delivery.send(ctx, person.id, { template: 'request-answered' });
	await withdrawal.request(as(ctx, leaving), leaving);
	await workOnce(ctx);
	const sent = mail.mails.length;
	expect(sent).toBeGreaterThan(1);
	const events = await audit.page(ctx, person.id, undefined, 100);

	portal.clock.move(after(portal.clock.now(), -3, 'days'));
	await workOnce(ctx);

	expect(mail.mails.length).toBe(sent);
	expect(await withdrawal.running(ctx, leaving.id)).toMatchObject({ state: 'grace' });
	expect((await sessions.read(ctx, secretId))?.person.id).toBe(person.id);
	expect(await audit.page(ctx, person.id, undefined, 100)).toEqual(events);
	await records.put(ctx, person.id, [
		{
			category: 'loans',
			id: 'late',
			at: '2026-11-01T00:00:00.000Z',
			fields: { title: 'T', dueOn: '2026-12-01' }
		}
	]);
	await delivery.send(ctx, person.id, { template: 'request-answered' });
	await workOnce(ctx);
	expect(mail.mails.length).toBe(sent + 1);
	await mail.close();
});

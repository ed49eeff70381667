import { expect, test } from 'vitest';
import { alice, as } from '../../../../../tests/support/people.ts';
import { portalForTest } from '../../../../../tests/support/portal-for-test.ts';
import * as delivery from '../../delivery/delivery.ts';
import { after } from '../clock.ts';
import { claimDue, renewLease, type Claim } from './work.ts';

const portal = portalForTest({ description: 'tests/support/third-organisation' });

test('what somebody works on is nobody else’s, until their lease runs out and another one has claimed it', async () => {
	const ctx = portal.as();
	const person = await alice(ctx);
	await delivery.send(as(ctx, person), person.id, { template: 'address-in-use' });
	const [claim] = (await claimDue(ctx, 'outbox', 1)) as [Claim];
	expect(claim.personId).toBe(person.id);
	expect(await claimDue(ctx, 'outbox', 1), 'nobody else gets it').toEqual([]);
	expect(await renewLease(ctx, 'outbox', claim)).toBe(true);

	portal.clock.move(after(ctx.clock.now(), 6, 'minutes'));
	const [again] = (await claimDue(ctx, 'outbox', 1)) as [Claim];
	expect(again.id).toBe(claim.id);
	expect(await renewLease(ctx, 'outbox', claim), 'the first one has lost it').toBe(false);
	expect(await renewLease(ctx, 'outbox', again)).toBe(true);
});

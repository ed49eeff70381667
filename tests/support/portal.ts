// Playwright's `test` with a portal behind it:
//
//   import { expect, test } from '../support/portal.ts';
//   test.use({ example: 'classerium' });   the other description
//   test.use({ ownPortal: true });         one that nobody else touches: for what cannot be undone, and for moving time
//   test.use({ ownPortal: true, startsAt: '2016-06-10T09:00:00.000Z' });   and at another time
//
// `page.goto('/export')` goes to that portal. The tests of one worker share a portal otherwise.
import { test as base } from '@playwright/test';
import { mailboxOf, type Mailbox } from './mailbox.ts';
import { letIn, type PersonaName } from './personas.ts';
import { startPortal, type Example, type PortalOptions, type RunningPortal } from './running-portal.ts';
import { seedOf } from './seeds.ts';

interface Fixtures {
	example: Example;
	ownPortal: boolean;
	startsAt: string | undefined;
	portal: RunningPortal;
	mailbox: Mailbox;
	/** Signs in on this test's page. */
	signInAs(name: PersonaName, next?: string): Promise<void>;
}
interface WorkerFixtures {
	shared: Map<Example, Promise<RunningPortal>>;
}

const open = ({ example = 'classting', startsAt }: PortalOptions) => {
	const from = startsAt ? undefined : seedOf(example);
	return startPortal({ example, startsAt, ...(from && { from }) });
};

export const test = base.extend<Fixtures, WorkerFixtures>({
	example: ['classting', { option: true }],
	ownPortal: [false, { option: true }],
	startsAt: [undefined, { option: true }],
	shared: [
		async ({}, use) => {
			const running = new Map<Example, Promise<RunningPortal>>();
			await use(running);
			for (const portal of running.values()) await (await portal).stop();
		},
		{ scope: 'worker', timeout: 120_000 }
	],
	portal: [
		async ({ example, ownPortal, startsAt, shared }, use) => {
			if (!ownPortal) {
				if (!shared.has(example)) shared.set(example, open({ example }));
				return use(await (shared.get(example) as Promise<RunningPortal>));
			}
			const portal = await open({ example, startsAt });
			await use(portal);
			await portal.stop();
		},
		{ timeout: 120_000 }
	],
	baseURL: async ({ portal }, use) => use(portal.address),
	mailbox: async ({ portal }, use) => use(mailboxOf(portal)),
	signInAs: async ({ page, portal }, use) => use((name, next) => letIn(page, portal.address, name, next))
});

export { expect } from '@playwright/test';

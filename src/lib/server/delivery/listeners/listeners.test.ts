import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { alice } from '../../../../../tests/support/people.ts';
import { portalForTest } from '../../../../../tests/support/portal-for-test.ts';
import type { Person } from '../../accounts/accounts.ts';
import type { Context } from '../../context.ts';
import { transaction } from '../../platform/database/transaction.ts';
import { rehearse } from '../../withdrawal/rehearsal.ts';
import * as withdrawal from '../../withdrawal/withdrawal.ts';
import * as delivery from '../delivery.ts';
import { partnerCallWork } from '../partners/due.ts';
import { listenerWork } from './due.ts';

type Tellable = Context['organisation']['listeners'][number]['tells'][number];

const portal = portalForTest({ description: 'examples/classting' });
const startAt = '2026-11-22T09:00:00.000Z';

let person: Person;
beforeEach(async () => {
	portal.clock.move(startAt);
	person = await alice(portal.as());
});

interface Heard {
	id: string;
	type: string;
	data: Record<string, unknown>;
	check: (ctx: Context) => void;
}

/** The organisation's own system on loopback, which checks what it hears with the library of the standard. */
async function ownSystem(status = 200): Promise<{ url: string; heard: Heard[] }> {
	const heard: Heard[] = [];
	const server = createServer(async (request, response) => {
		let body = '';
		for await (const chunk of request) body += String(chunk);
		const headers = request.headers as Record<string, string>;
		const { type, data } = JSON.parse(body) as Pick<Heard, 'type' | 'data'>;
		const check = (ctx: Context) => {
			// The library would compare with the machine's clock, and the portal's stands still in a test.
			const at = new Date(Number(headers['webhook-timestamp']) * 1_000);
			const listening = new Webhook(delivery.webhookSecret(ctx, 'crm'));
			expect(headers['webhook-signature']).toBe(listening.sign(String(headers['webhook-id']), at, body));
		};
		heard.push({ id: String(headers['webhook-id']), type, data, check });
		response.writeHead(status).end();
	}).listen(0, '127.0.0.1');
	await once(server, 'listening');
	onTestFinished(() => {
		server.closeAllConnections();
		server.close();
	});
	return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`, heard };
}

function listening(url: string, tells: Tellable[]): Context {
	const ctx = portal.as();
	const organisation = structuredClone(ctx.organisation);
	organisation.listeners = [{ id: 'crm', label: { en: 'Customers' }, webhook: url, tells }];
	return { ...ctx, organisation, settings: { ...ctx.settings, privateWebhooks: true } };
}

test('a system that asked for it hears that Alice wants to leave, by the id it knows, and of nothing else', async () => {
	const { url, heard } = await ownSystem();
	const ctx = listening(url, ['withdrawal.requested']);
	await withdrawal.request(ctx, person);
	await withdrawal.cancel(ctx, person);
	await partnerCallWork.run(ctx);
	expect(heard.map(({ type }) => type)).toEqual(['withdrawal.requested']);
	expect(heard[0]?.data).toMatchObject({ externalId: person.externalId });
	heard[0]?.check(ctx);
});

test('what is taken back with its transaction is told to nobody', async () => {
	const { url, heard } = await ownSystem();
	const ctx = listening(url, ['profile.changed']);
	await expect(
		transaction(ctx, async (ctx) => {
			await delivery.tellListeners(ctx, person.id, 'profile.changed', { field: 'profile.name' });
			throw new Error('thought better of it');
		})
	).rejects.toThrow();
	await partnerCallWork.run(ctx);
	expect(heard).toEqual([]);
});

test('who asked to hear of erasures is named before one, as partners are', async () => {
	const named = async (tells: Tellable[]) =>
		(await rehearse(listening('https://crm.example.com/hook', tells), person.id)).told;
	expect(await named(['person.erased'])).toContain('crm');
	expect(await named(['profile.changed'])).not.toContain('crm');
});

test('a change of the policy is told once, and again only until it is heard', async () => {
	const deaf = await ownSystem(503);
	const tell = (ctx: Context) =>
		delivery.tellListenersOfAll(ctx, 'policy.announced', '2027-01-01', { version: '2027-01-01' });
	await tell(listening(deaf.url, ['policy.announced']));
	await listenerWork.run(listening(deaf.url, ['policy.announced']));
	expect(deaf.heard).toHaveLength(1);

	const { url, heard } = await ownSystem();
	const ctx = listening(url, ['policy.announced']);
	portal.clock.move('2026-11-23T09:00:00.000Z');
	await tell(ctx);
	await listenerWork.run(ctx);
	await listenerWork.run(ctx);
	expect(heard).toHaveLength(1);
	expect(heard[0]).toMatchObject({ type: 'policy.announced', data: { version: '2027-01-01' } });
	expect(heard[0]?.id).toBe(deaf.heard[0]?.id);
});

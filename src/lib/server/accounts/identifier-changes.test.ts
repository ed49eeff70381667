import { beforeAll, describe, expect, test } from 'vitest';
import { codeOf, outboxOf } from '../../../../tests/support/outbox.ts';
import * as people from '../../../../tests/support/people.ts';
import { portalForTest } from '../../../../tests/support/portal-for-test.ts';
import type { Context } from '../context.ts';
import { amend } from './amendment.ts';
import * as changes from './identifier-changes.ts';
import { identifiersOf } from './identifiers.ts';
import { changePassword } from './password-change.ts';
import type { Person } from './people.ts';
import { signIn } from './sign-in.ts';

const portal = portalForTest({ description: 'tests/support/third-organisation' });

let ctx: Context;
beforeAll(() => {
	ctx = portal.as();
});

const valueOf = async (person: Person, kind: string) =>
	(await identifiersOf(ctx, person.id)).find((identifier) => identifier.kind === kind)?.value;
const emailOf = ({ externalId }: Person) => `${externalId}@example.com`;

describe('a new email', () => {
	test('counts only after the code that went there came back, and both are told', async () => {
		const alice = await people.alice(ctx);
		expect(await changes.ask(ctx, alice, 'email', ' New.Alice@Example.org ')).toEqual({ asked: true });
		expect(await changes.pending(ctx, alice.id, 'email')).toBe('new.alice@example.org');
		expect(await valueOf(alice, 'email')).toBe(emailOf(alice));
		expect(await changes.confirm(ctx, alice.id, 'email', 'nonsense')).toEqual({ refused: 'code-wrong' });
		const code = await codeOf(ctx, alice.id, 'address-change-code');
		expect(await changes.confirm(ctx, alice.id, 'email', code)).toEqual({ changed: true });
		expect(await valueOf(alice, 'email')).toBe('new.alice@example.org');
		const sent = (await outboxOf(ctx, alice.id)).map(({ template, to }) => [template, to]);
		expect(sent).toEqual([
			['address-change-code', 'new.alice@example.org'],
			['address-changed', emailOf(alice)],
			['address-changed', 'new.alice@example.org']
		]);
		const enter = (identifier: string) =>
			signIn(ctx, {
				identifier,
				password: people.password,
				device: { userAgent: '', address: '192.0.2.9' },
				language: null
			});
		expect(await enter('new.alice@example.org')).toMatchObject({ personId: alice.id });
		expect(await enter(emailOf(alice))).toEqual({ refused: 'wrong-credentials' });
	});

	test('that is somebody else’s is answered alike, but only its owner gets a letter, without a code', async () => {
		const [alice, bob] = [await people.alice(ctx), await people.bob(ctx)];
		expect(await changes.ask(ctx, alice, 'email', emailOf(bob))).toEqual({ asked: true });
		expect(await changes.pending(ctx, alice.id, 'email')).toBe(emailOf(bob));
		expect(await outboxOf(ctx, alice.id)).toEqual([]);
		const letters = await outboxOf(ctx, bob.id);
		expect(letters).toMatchObject([{ template: 'address-in-use', to: emailOf(bob) }]);
		expect(JSON.stringify(letters)).not.toMatch(/\b\d{6}\b/);
	});

	test('that two people confirm at once goes to one of them', async () => {
		const [alice, bob] = [await people.alice(ctx), await people.bob(ctx)];
		for (const person of [alice, bob]) await changes.ask(ctx, person, 'email', 'wanted@example.org');
		const confirm = async ({ id }: Person) =>
			changes.confirm(ctx, id, 'email', await codeOf(ctx, id, 'address-change-code'));
		const outcomes = await Promise.all([confirm(alice), confirm(bob)]);
		expect(outcomes.filter((outcome) => 'changed' in outcome)).toHaveLength(1);
		expect(outcomes.filter((outcome) => 'refused' in outcome)).toEqual([{ refused: 'code-wrong' }]);
	});

	test('may be given up', async () => {
		const alice = await people.alice(ctx);
		await changes.ask(ctx, alice, 'email', 'mistyped@example.org');
		const code = await codeOf(ctx, alice.id, 'address-change-code');
		await changes.giveUp(ctx, alice.id, 'email');
		expect(await changes.pending(ctx, alice.id, 'email')).toBeUndefined();
		expect(await changes.confirm(ctx, alice.id, 'email', code)).toEqual({ refused: 'code-wrong' });
	});

	test.each([
		'',
		'no address',
		'a@b',
		'<script>@example.org',
		`${'a'.repeat(300)}@example.org`,
		'a@example.org, b@example.org',
		'a@exa\nmple.org'
	])('is refused when it is %j', async (typed) => {
		const alice = await people.alice(ctx);
		expect(await changes.ask(ctx, alice, 'email', typed)).toEqual({ refused: 'identifier-invalid' });
	});

	test('is refused when it is the one there is', async () => {
		const alice = await people.alice(ctx);
		expect(await changes.ask(ctx, alice, 'email', emailOf(alice).toUpperCase())).toEqual({
			refused: 'identifier-same'
		});
		expect(await changes.check(ctx, alice, 'email', emailOf(alice))).toEqual({ refused: 'identifier-same' });
	});
});

describe('a change of how somebody signs in is told at every address', () => {
	const phone = '+34600777001';
	const toldOf = async (person: Person, template: string) =>
		(await outboxOf(ctx, person.id))
			.filter((message) => message.template === template)
			.map(({ to, channel }) => [to, channel])
			.sort();
	const withPhone = () =>
		people.alice(ctx, {
			identifiers: {
				email: `phone${++made}@example.com`,
				phone: `+3460077700${made}`,
				username: `name${made}`
			}
		});
	let made = 0;

	test('a new email at the old one, the new one and the phone', async () => {
		const alice = await withPhone();
		await changes.ask(ctx, alice, 'email', 'three.ways@example.org');
		await changes.confirm(ctx, alice.id, 'email', await codeOf(ctx, alice.id, 'address-change-code'));
		expect(await toldOf(alice, 'address-changed')).toEqual([
			[phone, 'sms'],
			['phone1@example.com', 'email'],
			['three.ways@example.org', 'email']
		]);
	});

	test('a phone that is removed at the number, too, and a username at both', async () => {
		const alice = await withPhone();
		await changes.remove(ctx, alice.id, 'phone');
		expect(await toldOf(alice, 'address-changed')).toEqual([
			['+34600777002', 'sms'],
			['phone2@example.com', 'email']
		]);
		const bob = await withPhone();
		await changes.changeUsername(ctx, bob, 'bob.is.called.else');
		expect(await toldOf(bob, 'address-changed')).toEqual([
			['+34600777003', 'sms'],
			['phone3@example.com', 'email']
		]);
	});

	test('a password, and whatever the organisation changes', async () => {
		const alice = await withPhone();
		await changePassword(ctx, alice.id, '', 'el gato verde duerme en abril');
		expect(await toldOf(alice, 'password-changed')).toHaveLength(2);
		const amendment = { role: alice.role, language: 'es', timeZone: 'UTC', country: 'ES' };
		await amend(ctx, alice.id, { ...amendment, identifiers: { email: 'moved@example.org' } });
		expect((await toldOf(alice, 'address-changed')).map(([to]) => to)).toEqual([
			'+34600777004',
			'moved@example.org',
			'phone4@example.com'
		]);
		await amend(ctx, alice.id, { ...amendment, language: 'en', identifiers: {} });
		expect(await toldOf(alice, 'address-changed')).toHaveLength(3);
	});

	test('and never to an address that nobody has proved', async () => {
		const alice = await withPhone();
		await ctx.db
			.updateTable('identifier')
			.set({ verifiedAt: null })
			.where('personId', '=', alice.id)
			.where('kind', '=', 'phone')
			.execute();
		await changePassword(ctx, alice.id, '', 'el gato verde duerme en mayo');
		expect(await toldOf(alice, 'password-changed')).toEqual([['phone5@example.com', 'email']]);
	});
});

describe('a username', () => {
	test('changes at once; one that is taken says nothing about anybody', async () => {
		const [alice, bob] = [await people.alice(ctx), await people.bob(ctx)];
		expect(await changes.changeUsername(ctx, alice, 'Nueva.Alicia')).toEqual({ changed: true });
		expect(await valueOf(alice, 'username')).toBe('nueva.alicia');
		expect(await changes.changeUsername(ctx, alice, bob.externalId)).toEqual({
			refused: 'identifier-unusable'
		});
	});
});

describe('removing', () => {
	test('is refused for what the description requires, and for the last way in', async () => {
		const alice = await people.alice(ctx);
		expect(await changes.remove(ctx, alice.id, 'email')).toEqual({ refused: 'identifier-required' });
		const onlyName = await people.somebody(ctx, { identifiers: { username: 'only.a.name' } });
		expect(await changes.remove(ctx, onlyName.id, 'username')).toEqual({ refused: 'identifier-required' });
	});

	test('takes the name away', async () => {
		const alice = await people.alice(ctx);
		expect(await changes.remove(ctx, alice.id, 'username')).toEqual({ removed: true });
		expect(await valueOf(alice, 'username')).toBeUndefined();
	});
});

import { describe, expect, test } from 'vitest';
import { alice, as, bob } from '../../../../tests/support/people.ts';
import { portalForTest } from '../../../../tests/support/portal-for-test.ts';
import * as audit from '../audit/audit.ts';
import * as policies from './policies.ts';

// Classting announced a version on 2016-06-17, in force from 2016-06-24.
const portal = portalForTest({ description: 'examples/classting', startAt: '2016-06-18T09:00:00.000Z' });
const version = '2016-06-24';
const joined = { createdAt: new Date('2016-01-01') };

describe('a person who was there before a change', () => {
	test('is told of it while it is to come, and when it is in force, until they answer', async () => {
		const ctx = portal.as();
		const person = await alice(ctx, joined);
		expect(await policies.notice(ctx, person)).toMatchObject({ state: 'announced', policy: { version } });
		portal.clock.move('2016-07-01T09:00:00.000Z');
		expect(await policies.notice(ctx, person)).toMatchObject({ state: 'in-force', policy: { version } });
		await policies.answer(as(ctx, person), person.id, version, 'accepted', 'ko');
		expect(await policies.notice(ctx, person)).toBeUndefined();
		portal.clock.move('2016-06-18T09:00:00.000Z');
	});

	test('can object, which is written down with the version and is theirs alone', async () => {
		const ctx = portal.as();
		const [person, other] = [await alice(ctx, joined), await bob(ctx, joined)];
		await policies.answer(as(ctx, person), person.id, version, 'objected', 'en');
		expect(await policies.answerTo(ctx, person.id, version)).toMatchObject({ answer: 'objected' });
		expect(await policies.answerTo(ctx, other.id, version)).toBeUndefined();
		expect(await policies.notice(ctx, other)).toBeDefined();
	});

	test('may change their mind as often as they like, and the last word counts', async () => {
		const ctx = portal.as();
		const person = await alice(ctx, joined);
		for (const given of ['objected', 'accepted', 'objected', 'objected'] as const) {
			portal.clock.move(new Date(portal.clock.now().getTime() + 1_000));
			await policies.answer(as(ctx, person), person.id, version, given, 'en');
			await policies.answer(as(ctx, person), person.id, version, 'seen', 'en');
			expect(await policies.answerTo(ctx, person.id, version)).toMatchObject({ answer: given });
		}
		const events = await audit.page(ctx, person.id, undefined, 10);
		expect(events.filter(({ kind }) => kind.startsWith('policy-')).map(({ kind }) => kind)).toEqual([
			'policy-objected',
			'policy-accepted',
			'policy-objected'
		]);
	});

	test('has not accepted anything by looking at a significant change', async () => {
		const ctx = portal.as();
		const person = await alice(ctx, joined);
		await policies.answer(as(ctx, person), person.id, version, 'seen', 'en');
		const significant = ctx.organisation.policies.versions.find(
			(policy) => policy.version === version
		)?.significant;
		expect((await policies.notice(ctx, person)) !== undefined).toBe(significant);
	});
});

test('a person who joined after a change was announced is not told of it', async () => {
	const ctx = portal.as();
	expect(await policies.notice(ctx, await alice(ctx))).toBeUndefined();
});

test('a version that is not announced yet, or that does not exist, cannot be answered', async () => {
	const ctx = portal.as();
	const person = await alice(ctx, joined);
	expect(await policies.answer(ctx, person.id, 'no-such', 'accepted', 'en')).toEqual({
		refused: 'unknown-version'
	});
	portal.clock.move('2016-06-16T09:00:00.000Z');
	expect(await policies.answer(ctx, person.id, version, 'accepted', 'en')).toEqual({
		refused: 'unknown-version'
	});
	portal.clock.move('2016-06-18T09:00:00.000Z');
});

test('a policy cannot bring a script into the page, and its outside links say that they leave', () => {
	const policy = {
		version: 'x',
		text: { en: '# Title\n<script>alert(1)</script> [a](javascript:alert(1)) [b](https://example.com)' }
	};
	const { html } = policies.render(policy as never, 'ko', 'leaves');
	expect(html).toContain('<h2>Title</h2>');
	expect(html).not.toContain('<script>');
	expect(html).not.toContain('href="javascript:');
	expect(html).toContain('title="leaves"');
});

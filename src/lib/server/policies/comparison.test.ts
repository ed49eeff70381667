import { expect, test } from 'vitest';
import { alice, bob } from '../../../../tests/support/people.ts';
import { portalForTest } from '../../../../tests/support/portal-for-test.ts';
import * as profile from '../profile/profile.ts';
import * as policies from './policies.ts';

const portal = portalForTest({ description: 'examples/classerium', startAt: '2018-05-25T09:00:00.000Z' });

const versionOf = (text: string, version: string) => ({ version, text: { en: text } }) as never;
const compare = (older: string, newer: string) =>
	policies.compare(versionOf(older, older), versionOf(newer, newer), 'en');

test('a reader sees which words came and which went, and the rest unchanged', () => {
	const { blocks, changes } = compare(
		'# Policy\n\nWe keep your data for a *year*.\n\n- one\n- two',
		'# Policy\n\nWe keep your data for a month.\n\n- one\n- two\n- three'
	);
	expect(changes).toBe(2);
	expect(blocks[0]).toEqual({ tag: 'h2', change: 'same', pieces: [{ change: 'same', text: 'Policy' }] });
	expect(blocks[1]).toMatchObject({
		tag: 'p',
		change: 'changed',
		pieces: expect.arrayContaining([
			{ change: 'removed', text: 'year' },
			{ change: 'added', text: 'month' }
		])
	});
	expect(blocks.at(-1)).toMatchObject({ tag: 'li', change: 'added' });
});

test('nothing of either version is lost, in any language', () => {
	const [newer, older] = portal.as().organisation.policies.versions;
	if (!newer || !older) throw new Error('two versions are needed');
	const words = (text: string) => text.replace(/[\s#*_`[\]()-]+/g, '');
	for (const language of portal.as().organisation.languages) {
		const { blocks } = policies.compare(older, newer, language);
		const of = (change: 'added' | 'removed') =>
			words(
				blocks
					.flatMap(({ pieces }) => pieces)
					.filter((piece) => piece.change === 'same' || piece.change === change)
					.map(({ text }) => text)
					.join('')
			);
		expect(of('removed')).toBe(words(older.text[language] ?? ''));
		expect(of('added')).toBe(words(newer.text[language] ?? ''));
	}
});

test('paragraphs that have little in common are told as one that went and one that came', () => {
	const { blocks } = compare('Bananas grow in the south.', 'Your rights were written anew for everybody.');
	expect(blocks.map(({ change }) => change)).toEqual(['removed', 'added']);
});

test('a person is told what a version means for what is held about them, and nobody else’s data counts', async () => {
	const ctx = portal.as();
	const [newest] = ctx.organisation.policies.versions;
	const identifiers = { email: 'alice-effects@example.com', phone: '+34600111222' };
	const person = await alice(ctx, { identifiers });
	const other = await bob(ctx, { identifiers: { email: 'bob-effects@example.com' } });
	const found = await policies.effects(ctx, person, [newest as never]);
	expect(found).toContainEqual({ kind: 'collected', category: 'contact', fields: ['phone'], entries: 1 });
	expect(found).toContainEqual({
		kind: 'received',
		partner: 'aws',
		codes: ['contact.phone'],
		consent: undefined
	});
	expect(found).toContainEqual({
		kind: 'received',
		partner: 'vk',
		codes: ['contact.email'],
		consent: { state: 'never', missing: [] }
	});
	const others = await policies.effects(ctx, other, [newest as never]);
	expect(others.some((effect) => effect.kind === 'collected')).toBe(false);
	expect((await profile.held(ctx, other)).has('phone')).toBe(false);
});

test('a version that introduces nothing means nothing to anybody’s data', async () => {
	const ctx = portal.as();
	expect(await policies.effects(ctx, await alice(ctx), [{}])).toEqual([]);
});

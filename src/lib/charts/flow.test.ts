import { expect, test } from 'vitest';
import { breakLines, layOutFlow, type FlowData } from './flow';

const data: FlowData = {
	nodes: [
		{ id: 'profile', label: 'Profile', side: 'start' },
		{ id: 'posts', label: 'Posts', side: 'start' },
		{ id: 'unused', label: 'Unused', side: 'start' },
		{ id: 'host', label: 'Host', side: 'end', group: 'partner' }
	],
	links: [
		{ from: 'profile', to: 'host', value: 3, label: 'Profile to host, 3 times' },
		{ from: 'posts', to: 'host', value: 1, label: 'Posts to host, once' },
		{ from: 'gone', to: 'host', value: 1, label: 'of nobody' },
		{ from: 'unused', to: 'host', value: 0, label: 'never' }
	]
};
const shape = { width: 400, margin: 100, gap: 30, line: 20, direction: 'ltr' as const };

test('a person sees only what flowed, each node with its label', () => {
	const drawing = layOutFlow(data, shape);

	expect(drawing?.nodes.map((node) => node.id).sort()).toEqual(['host', 'posts', 'profile']);
	expect(drawing?.sources.flatMap((source) => source.bands)).toHaveLength(2);
});

test('a person to whom nothing happened gets no drawing', () => {
	expect(layOutFlow({ ...data, links: [] }, shape)).toBeUndefined();
});

test('a person who reads from right to left finds the beginning on the right', () => {
	const left = layOutFlow(data, shape)?.nodes.find((node) => node.id === 'profile');
	const right = layOutFlow(data, { ...shape, direction: 'rtl' })?.nodes.find((node) => node.id === 'profile');

	expect(left?.x).toBe(100);
	expect(right?.x).toBe(290);
	expect(right?.label.anchor).toBe(left?.label.anchor);
});

test('a label breaks into two lines, whatever its script, and is cut with an ellipsis', () => {
	expect(breakLines('Account and profile', 20)).toEqual(['Account and profile']);
	expect(breakLines('Account and profile', 12)).toEqual(['Account and', 'profile']);
	expect(breakLines('개인정보 처리방침', 10)).toEqual(['개인정보', '처리방침']);
	expect(breakLines('Extraordinarilylongword', 10)).toEqual(['Extraordin…']);
});

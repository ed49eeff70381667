import type { BlockList } from 'node:net';
import { expect, test } from 'vitest';
import { networksOf, visitorAddress } from './forwarded.ts';

const trusted = networksOf(['10.0.0.0/8', '::1', '2001:db8::/32']) as BlockList;

test('without a trusted proxy, what a visitor says of their address is passed over', () => {
	expect(visitorAddress('203.0.113.7', '198.51.100.1', trusted)).toBe('203.0.113.7');
	expect(visitorAddress('10.1.2.3', '198.51.100.1', networksOf([]) as BlockList)).toBe('10.1.2.3');
});

test('behind a trusted proxy the address is the one that the proxy saw', () => {
	expect(visitorAddress('10.1.2.3', '198.51.100.1', trusted)).toBe('198.51.100.1');
	expect(visitorAddress('::ffff:10.1.2.3', '198.51.100.1:4711', trusted)).toBe('198.51.100.1');
	expect(visitorAddress('::1', '[2a00::5]:99', trusted)).toBe('2a00::5');
});

test('behind two proxies nobody can put an address of their choice in front', () => {
	expect(visitorAddress('10.1.2.3', '1.1.1.1, 198.51.100.1, 10.9.9.9', trusted)).toBe('198.51.100.1');
	expect(visitorAddress('10.1.2.3', 'nonsense, 10.9.9.9', trusted)).toBe('10.9.9.9');
	expect(visitorAddress('10.1.2.3', null, trusted)).toBe('10.1.2.3');
});

test('a list with something in it that is no address is none', () => {
	for (const wrong of ['proxy.example.com', '10.0.0.0/33', '10.0.0.0/x', ''])
		expect(networksOf([wrong]), wrong).toBeUndefined();
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Context } from '../context.ts';
import { feeFor } from './fees.ts';

const europe =
	'AT BE BG CY CZ DE DK EE ES FI FR GB GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK'.split(' ');
const kinds = ['access', 'copy', 'portability'] as const;
const fee = fc.record({
	kinds: fc.subarray([...kinds], { minLength: 1 }),
	countries: fc.subarray([...europe, 'US', 'KR', 'BR'], { minLength: 1 }),
	amount: fc.double({ min: 0.01, max: 1_000, noNaN: true }),
	currency: fc.constantFrom('EUR', 'USD', 'KRW'),
	why: fc.constant({ en: 'Post' })
});
const described = (fees: unknown[]) =>
	({ organisation: { requests: { fees, regimes: ['pipa'] } } }) as unknown as Context;

test('nobody in Europe or California ever pays, whatever a description says', () => {
	const free = fc.oneof(
		fc.constantFrom(...europe).map((country) => ({ country, region: null })),
		fc.constantFrom('CA', 'US-CA').map((region) => ({ country: 'US', region }))
	);
	fc.assert(
		fc.property(fc.array(fee), free, fc.constantFrom(...kinds), (fees, person, kind) => {
			expect(feeFor(described(fees), person, kind)).toBeUndefined();
		})
	);
});

test('elsewhere a fee is only what the description says for that country and that kind', () => {
	const fees = [{ kinds: ['copy'], countries: ['KR'], amount: 1000, currency: 'KRW', why: { en: 'Post' } }];
	const korea = { country: 'KR', region: null };
	expect(feeFor(described(fees), korea, 'copy')).toMatchObject({ amount: 1000 });
	expect(feeFor(described(fees), korea, 'access')).toBeUndefined();
	expect(feeFor(described(fees), { country: 'US', region: 'NY' }, 'copy')).toBeUndefined();
	expect(feeFor(described([]), korea, 'copy')).toBeUndefined();
});

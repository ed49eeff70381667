// Promise: a refusal rests on a ground that the law names, and says which.
import type { RequestKind } from '../schema.ts';

export interface Ground {
	/** Its sentence stands at `requests:ground.<id>`. */
	id: string;
	/** Where it is written; nothing for what is refused because it is not so. */
	source?: string;
	kinds: readonly RequestKind[] | 'every';
}

const seeing = ['access', 'copy', 'portability'] as const;

export const grounds: readonly Ground[] = [
	{
		id: 'not-identified',
		source: 'GDPR Art. 12(2), 12(6); 11 CCR § 7060; PIPA Decree Art. 46',
		kinds: 'every'
	},
	{ id: 'unfounded', source: 'GDPR Art. 12(5)(b); California Civil Code § 1798.145(h)(3)', kinds: 'every' },
	{ id: 'nothing-held', source: 'GDPR Art. 12(4)', kinds: 'every' },
	{ id: 'rights-of-others', source: 'GDPR Art. 15(4), 20(4); PIPA Art. 35(4)', kinds: seeing },
	{ id: 'law-forbids', source: 'PIPA Art. 35(4)', kinds: seeing },
	{ id: 'accurate', source: 'GDPR Art. 16; 11 CCR § 7023', kinds: ['correction'] },
	{
		id: 'legal-obligation',
		source: 'GDPR Art. 17(3)(b); California Civil Code § 1798.105(d)(8); PIPA Art. 36(1)',
		kinds: ['erasure', 'restriction', 'objection']
	},
	{
		id: 'legal-claims',
		source: 'GDPR Art. 17(3)(e), 18(2), 21(1)',
		kinds: ['erasure', 'restriction', 'objection']
	},
	{
		id: 'expression',
		source: 'GDPR Art. 17(3)(a); California Civil Code § 1798.105(d)(4)',
		kinds: ['erasure']
	},
	{ id: 'compelling', source: 'GDPR Art. 21(1)', kinds: ['objection'] },
	{
		id: 'contract-needs',
		source: 'California Civil Code § 1798.105(d)(1); PIPA Art. 37(2)',
		kinds: ['erasure', 'restriction']
	},
	{ id: 'complaint-unfounded', kinds: ['question', 'complaint', 'appeal', 'california-disclosure'] }
];

/** The grounds on which a request of that kind can be refused. */
export const groundsFor = (kind: RequestKind): readonly Ground[] =>
	grounds.filter((ground) => ground.kinds === 'every' || ground.kinds.includes(kind));

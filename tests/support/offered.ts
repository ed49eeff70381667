// What a partner of an example may have of a person of a role.
import { recipientOf } from '../../src/lib/server/partners/partners.ts';
import { describedBy } from './described.ts';
import type { Example } from './running-portal.ts';

/** Codes `category.field`. */
export const offered = (example: Example, partner: string, role: string): string[] => [
	...(recipientOf(describedBy(example), partner, role)?.fields ?? [])
];

// The person whom a command names by external id.
import { findByExternalId, type Person } from '../lib/server/accounts/accounts.ts';
import type { Context } from '../lib/server/context.ts';
import { Refused } from './refused.ts';
import { sentenceOf } from './sentences.ts';

export async function personOrEnd(ctx: Context, externalId: string): Promise<Person> {
	const person = await findByExternalId(ctx, externalId);
	if (person) return person;
	throw new Refused([`person-unknown: ${sentenceOf('person-unknown')}`]);
}

// The personas of the tests: Alice asks, Bob must stay untouched, Charlie has no right, Mina is eleven.
import { register, type NewPerson } from '../../src/lib/server/accounts/registration.ts';
import { find, type Person } from '../../src/lib/server/accounts/people.ts';
import type { Context } from '../../src/lib/server/context.ts';

export const password = 'demonstration-only';

let made = 0;

/** Registers somebody of the description's first role; everything may be given. */
export async function somebody(
	ctx: Context,
	given: Partial<NewPerson> & { name?: string } = {}
): Promise<Person> {
	const name = `${given.name ?? 'somebody'}-${++made}`;
	const role = ctx.organisation.roles[0]?.id as string;
	const language = ctx.organisation.languages[0] as string;
	const base = {
		externalId: name,
		role,
		language,
		timeZone: 'Europe/Madrid',
		country: 'ES',
		identifiers: { email: `${name}@example.com`, username: name }
	};
	const outcome = await register(ctx, { ...base, ...given });
	if ('refused' in outcome) throw new Error(`${outcome.refused} ${outcome.field ?? ''}`);
	return (await find(ctx, outcome.id)) as Person;
}

export const alice = (ctx: Context, given: Partial<NewPerson> = {}) =>
	somebody(ctx, { name: 'alice', password, ...given });
export const bob = (ctx: Context, given: Partial<NewPerson> = {}) =>
	somebody(ctx, { name: 'bob', password, ...given });
export const charlie = (ctx: Context, given: Partial<NewPerson> = {}) =>
	somebody(ctx, { name: 'charlie', password, ...given });
export const mina = (ctx: Context, given: Partial<NewPerson> = {}) =>
	somebody(ctx, { name: 'mina', bornOn: '2015-06-01', ...given });

/** A context in which that person acts. */
export const as = (ctx: Context, person: Person): Context => ({ ...ctx, actor: `person:${person.id}` });

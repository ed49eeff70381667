// Promise: an email, phone number or username is found by equality alone, through a keyed index; nobody can list them.
import { parsePhoneNumberFromString, type CountryCode } from 'libphonenumber-js/min';
import type { Context } from '../context.ts';
import { open } from '../platform/keys/keys.ts';
import type { IdentifierTable } from '../schema.ts';
import { selectIdentifiers } from './queries.ts';

export type IdentifierKind = IdentifierTable['kind'];

export const identifierPlace = (kind: IdentifierKind) => ({
	table: 'identifier',
	column: 'sealed',
	row: kind
});

const email =
	/^[^\s@\u0000-\u001f<>()[\],;:"]{1,64}@[^\s@.\u0000-\u001f<>()[\],;:"]{1,63}(\.[^\s@.\u0000-\u001f<>()[\],;:"]{1,63})+$/;
const username = /^[\p{L}\p{N}._-]{3,40}$/u;
/** Stands in addresses, where one dot or two would be a way up. */
const external = /^(?!\.{1,2}$)[A-Za-z0-9._~-]{1,64}$/;

/** A phone number in E.164, read as of `country` where it has no prefix. */
function e164(value: string, country: string): string | undefined {
	const number = parsePhoneNumberFromString(value, country as CountryCode);
	return number?.isPossible() ? number.number : undefined;
}

/** The form in which an identifier is compared and stored; undefined when it is none of that kind. */
export function normalise(kind: IdentifierKind, value: string, country: string): string | undefined {
	const text = value.normalize('NFKC').trim();
	if (kind === 'email') return email.test(text) && text.length <= 254 ? text.toLowerCase() : undefined;
	if (kind === 'phone') return e164(text, country);
	if (kind === 'username') return username.test(text) ? text.toLowerCase() : undefined;
	return external.test(text) && !/^\+?\d[\d.-]{6,}$/.test(text) ? text : undefined;
}

/** The kinds that a text typed at sign-in may be, in the order of trying. */
export function kindsOf(value: string): Exclude<IdentifierKind, 'external'>[] {
	if (value.includes('@')) return ['email'];
	return /^[+\d][\d\s().-]{5,}$/.test(value.trim()) ? ['phone', 'username'] : ['username'];
}

/** For `verification` alone an address is used for signing in safely, and for nothing else. */
export type Use = IdentifierTable['use'];
export type Uses = Partial<Record<'email' | 'phone', Use | undefined>>;

/** What an address may be used for: what was said of it, else what the description says of its kind. */
export function useOf(
	{ organisation }: Pick<Context, 'organisation'>,
	kind: IdentifierKind,
	said?: Use | undefined
): Use {
	return said ?? organisation.identifiers.find((described) => described.kind === kind)?.use ?? 'contact';
}

export interface Identifier {
	kind: IdentifierKind;
	value: string;
	use: Use;
	verifiedAt: string | null;
	changedAt: string;
}

/** The kinds of identifier that the person has; none of them is opened. */
export const identifierKinds = async (ctx: Context, personId: string): Promise<IdentifierKind[]> =>
	(await selectIdentifiers(ctx, personId)).map(({ kind }) => kind);

const namesBest: readonly IdentifierKind[] = ['email', 'username', 'phone'];

/** What a signed-in person is called by: their email, else their username, else their phone number; '' without any. */
export async function signInName(ctx: Context, personId: string): Promise<string> {
	const rows = await selectIdentifiers(ctx, personId);
	const [best] = namesBest.flatMap((kind) => rows.filter((row) => row.kind === kind));
	if (!best) return '';
	return open<string>(await ctx.keys.of(personId), identifierPlace(best.kind), best.sealed);
}

/** What the person can sign in with, opened. */
export async function identifiersOf(ctx: Context, personId: string): Promise<Identifier[]> {
	const key = await ctx.keys.of(personId);
	const rows = await selectIdentifiers(ctx, personId);
	return rows.map(({ kind, sealed, verifiedAt, changedAt, use }) => ({
		kind,
		value: open<string>(key, identifierPlace(kind), sealed),
		use,
		verifiedAt,
		changedAt
	}));
}

// Promise: a system of the organisation may do what its token says, until it expires or is revoked; the token is shown once.
import { createHash, randomBytes } from 'node:crypto';
import type { Context } from '../context.ts';
import { after, instant } from '../platform/clock.ts';
import { isWithin, networksOf } from '../platform/forwarded.ts';
import { take, type Limit } from '../platform/throttle/throttle.ts';
import { insertToken, selectToken, selectTokens, updateRevoked } from './queries.ts';

export { abandon, begin, finish, idempotencyWork, type Begun } from './idempotency.ts';

/** Everything that a token can be allowed. */
export const scopes = [
	'people:write',
	'people:erase',
	'records:write',
	'profile:read',
	'purposes:read',
	'disclosures:write',
	'support-links:write',
	'incidents:write',
	'contact:read',
	'contact:write',
	'requests:write',
	'mail:receive'
] as const;
export type Scope = (typeof scopes)[number];

export interface Token {
	id: string;
	name: string;
	scopes: readonly string[];
	/** Where it is taken from; everywhere when empty. */
	networks: readonly string[];
	createdAt: string;
	expiresAt: string;
	revokedAt: string | null;
}

const longestDays = 366;
const prefix = 'candor_';

const hashOf = (token: string): Buffer => createHash('sha256').update(token).digest();

export interface NewToken {
	name: string;
	scopes: readonly string[];
	expiresAt?: Date | undefined;
	/** Addresses and networks such as `10.0.0.0/8` or `2001:db8::/32`, from which alone it is taken. */
	networks?: readonly string[] | undefined;
}

/**
 * Makes a token and answers it, this once. It expires after a year, or at an earlier `expiresAt`.
 * Refuses `name-invalid`, `scope-unknown`, `expiry-out-of-range` and `network-invalid`.
 */
export async function add(
	ctx: Context,
	{ name, scopes: wanted, expiresAt, networks = [] }: NewToken
): Promise<
	| { id: string; token: string; expiresAt: string }
	| { refused: 'name-invalid' | 'scope-unknown' | 'expiry-out-of-range' | 'network-invalid' }
> {
	if (!/^[\p{L}\p{N} ._-]{1,60}$/u.test(name)) return { refused: 'name-invalid' };
	if (!wanted.length || !wanted.every((scope) => (scopes as readonly string[]).includes(scope)))
		return { refused: 'scope-unknown' };
	if (!networksOf(networks)) return { refused: 'network-invalid' };
	const now = ctx.clock.now();
	const latest = after(now, longestDays, 'days');
	const end = expiresAt ?? after(now, 365, 'days');
	if (Number.isNaN(end.getTime()) || end <= now || end > latest) return { refused: 'expiry-out-of-range' };

	const token = prefix + randomBytes(32).toString('base64url');
	const id = ctx.ids.next();
	await insertToken(ctx, {
		id,
		name,
		hash: hashOf(token),
		scopes: [...new Set(wanted)].join(' '),
		networks: networks.length ? networks.join(' ') : null,
		createdAt: instant(now),
		expiresAt: instant(end),
		revokedAt: null
	});
	return { id, token, expiresAt: instant(end) };
}

type Row = Omit<Token, 'scopes' | 'networks'> & { scopes: string; networks: string | null };

const toToken = (row: Row): Token => ({
	...row,
	scopes: row.scopes.split(' '),
	networks: row.networks?.split(' ') ?? []
});

export type TokenRefusal = 'token-missing' | 'token-unknown' | 'address-not-allowed' | 'scope-missing';

/**
 * The token of an `Authorization` header that is allowed `scope` from the address that asks. Refuses `token-missing`,
 * `token-unknown` (wrong, expired and revoked alike), `address-not-allowed` and `scope-missing`.
 */
export async function authenticate(
	ctx: Context,
	{ header, address }: { header: string | null; address: string },
	scope: Scope
): Promise<Token | { refused: TokenRefusal }> {
	const [, given] = /^Bearer +([A-Za-z0-9._~+/=-]{1,200})$/i.exec(header ?? '') ?? [];
	if (!given) return { refused: header === null ? 'token-missing' : 'token-unknown' };
	const row = await selectToken(ctx, hashOf(given));
	if (!row || row.revokedAt !== null || row.expiresAt <= instant(ctx.clock.now()))
		return { refused: 'token-unknown' };
	const token = toToken(row);
	if (token.networks.length && !isWithin(token.networks, address)) return { refused: 'address-not-allowed' };
	return token.scopes.includes(scope) ? token : { refused: 'scope-missing' };
}

/** All tokens, oldest first, without their secrets. */
export const list = async (ctx: Context): Promise<Token[]> => (await selectTokens(ctx)).map(toToken);

/** Ends a token at once. Refuses `token-unknown`, also for one that was revoked before. */
export const revoke = async (
	ctx: Context,
	id: string
): Promise<{ revoked: true } | { refused: 'token-unknown' }> =>
	(await updateRevoked(ctx, id, instant(ctx.clock.now()))) ? { revoked: true } : { refused: 'token-unknown' };

const erasures: Limit = { name: 'api-erasures', points: 100, seconds: 3_600 };

/** Takes one of the erasures without grace that a token has an hour; false when it has none left. */
export const mayEraseAtOnce = async (ctx: Context, tokenId: string): Promise<boolean> =>
	(await take(ctx, erasures, ctx.keys.blindIndex('throttle', tokenId))) === undefined;

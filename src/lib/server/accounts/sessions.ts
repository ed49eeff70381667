// Promise: a session belongs to one browser, can be seen and ended by the person, and cannot be made from the database.
import { generateId, Lucia, TimeSpan } from 'lucia';
import type { Context } from '../context.ts';
import { after, instant } from '../platform/clock.ts';
import { open, seal } from '../platform/keys/keys.ts';
import { openPerson, type Person } from './people.ts';
import {
	deleteSession,
	deleteSessionsOf,
	insertSession,
	selectSessionsOf,
	updateSeen,
	updateSessionLanguage
} from './queries.ts';
import { hashOf, sessionStore } from './session-store.ts';
import { updateProofSession } from './step-up/queries.ts';

const days = 30;
/** How long a proof of identity opens what needs one (DESIGN §5). */
export const stepUpMinutes = 5;

export interface Session {
	/** The hash: names the session on pages and in forms, opens nothing. */
	id: string;
	provedAt: string | null;
	language: string | null;
	/** Renewed just now: the cookie has to be sent again. */
	fresh: boolean;
}

/** What is known of the browser: shown to the person, to recognise their own. */
export interface Device {
	userAgent: string;
	address: string;
}

export interface SessionSummary extends Device {
	id: string;
	createdAt: string;
	seenAt: string;
	current: boolean;
}

const place = (sessionHash: string) => ({ table: 'session', column: 'sealed', row: sessionHash });

const luciaFor = (ctx: Context) =>
	new Lucia(sessionStore(ctx), {
		sessionExpiresIn: new TimeSpan(days, 'd'),
		getSessionAttributes: (attributes) => ({ attributes }),
		getUserAttributes: (row) => ({ row })
	});

/** `__Host-` cookies need https, which http://localhost has not. */
export const cookieName = (origin: string): string =>
	origin.startsWith('https:') ? '__Host-candor' : 'candor';

export const cookieOptions = (origin: string) => ({
	path: '/',
	httpOnly: true,
	sameSite: 'lax' as const,
	secure: origin.startsWith('https:'),
	maxAge: days * 86_400
});

/** Starts a session; answers the secret id for the cookie. `proved`: the person has just shown who they are. */
export async function start(
	ctx: Context,
	personId: string,
	device: Device,
	language: string | null
): Promise<string> {
	const id = generateId(40);
	const now = instant(ctx.clock.now());
	const sealed = seal(await ctx.keys.of(personId), place(hashOf(id)), device);
	await luciaFor(ctx).createSession(
		personId,
		{ createdAt: now, seenAt: now, provedAt: now, language, sealed },
		{ sessionId: id }
	);
	return id;
}

/**
 * The session goes on under a new secret id, freshly proved (ASVS 7.2.4): whoever had the old one has nothing. Answers the
 * new secret and its hash; undefined for the second of two requests that rotate the same session.
 */
export async function rotate(
	ctx: Context,
	personId: string,
	sessionId: string
): Promise<{ secretId: string; sessionId: string } | undefined> {
	const row = (await selectSessionsOf(ctx, personId)).find((session) => session.sessionId === sessionId);
	if (!row || !(await deleteSession(ctx, sessionId, personId))) return undefined;
	const secretId = generateId(40);
	const next = hashOf(secretId);
	const key = await ctx.keys.of(personId);
	const now = instant(ctx.clock.now());
	const sealed = seal(key, place(next), open<Device>(key, place(sessionId), row.sealed));
	await insertSession(ctx, { ...row, sessionId: next, seenAt: now, provedAt: now, sealed });
	await updateProofSession(ctx, personId, sessionId, next);
	return { secretId, sessionId: next };
}

/** The session and its person; undefined when it ended, expired, or the person is gone. */
export async function read(
	ctx: Context,
	secretId: string
): Promise<{ session: Session; person: Person } | undefined> {
	const { session, user } = await luciaFor(ctx).validateSession(secretId.slice(0, 100));
	if (!session) return undefined;
	const key = await ctx.keys.find(user.id);
	// Whose account is locked is told so at the sign-in, and sees nothing until it is decided.
	if (!key || user.row.state === 'erasing' || user.row.state === 'locked') return undefined;
	const id = hashOf(secretId);
	const { seenAt, provedAt, language } = session.attributes;
	await touch(ctx, id, seenAt);
	return { session: { id, provedAt, language, fresh: session.fresh }, person: openPerson(user.row, key) };
}

/** "Last seen" is kept to five minutes: a look at a page should not cost a write. */
async function touch(ctx: Context, id: string, seenAt: string): Promise<void> {
	const now = ctx.clock.now();
	if (seenAt < instant(after(now, -5, 'minutes'))) await updateSeen(ctx, id, instant(now));
}

/** Ends one session of the person; another person's id ends nothing. */
export const end = (ctx: Context, personId: string, sessionId: string): Promise<boolean> =>
	deleteSession(ctx, sessionId, personId);

/** Ends every session of the person, or every other than `except`. */
export const endAll = (ctx: Context, personId: string, except?: string): Promise<number> =>
	deleteSessionsOf(ctx, personId, except);

export async function list(ctx: Context, personId: string, current: string): Promise<SessionSummary[]> {
	const key = await ctx.keys.of(personId);
	const now = instant(ctx.clock.now());
	const rows = await selectSessionsOf(ctx, personId);
	return rows
		.filter(({ expiresAt }) => expiresAt > now)
		.map(({ sessionId, createdAt, seenAt, sealed }) => ({
			id: sessionId,
			createdAt,
			seenAt,
			current: sessionId === current,
			...open<Device>(key, place(sessionId), sealed)
		}));
}

/** Whether the proof is younger than five minutes. */
export const isProved = (ctx: Context, session: Session): boolean =>
	session.provedAt !== null && session.provedAt > instant(after(ctx.clock.now(), -stepUpMinutes, 'minutes'));

/** `?lang=` lasts for the session. */
export const rememberLanguage = (ctx: Context, sessionId: string, language: string): Promise<void> =>
	updateSessionLanguage(ctx, sessionId, language);

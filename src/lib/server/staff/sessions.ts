// Promise: a staff session ends after 12 hours, after half an hour without a request, and with the member; it opens no personal page.
import { createHash } from 'node:crypto';
import type { Context } from '../context.ts';
import { after, instant } from '../platform/clock.ts';
import type { Member } from './members.ts';
import { deleteSession, insertSession, selectSession, updateSeen, updateSessionLanguage } from './queries.ts';

const hours = 12;
const idleMinutes = 30;

/** Why nothing opens but the page for a new password. */
export type MustChange = 'initial' | 'too-old';

export interface StaffSession {
	/** The hash: opens nothing. */
	id: string;
	language: string | null;
	mustChange: MustChange | undefined;
}

const hashOf = (secretId: string): string => createHash('sha256').update(secretId).digest('base64url');

/** `__Host-` cookies need https, which http://localhost has not. */
export const cookieName = (origin: string): string =>
	origin.startsWith('https:') ? '__Host-candor-staff' : 'candor-staff';

export const cookieOptions = (origin: string) => ({
	path: '/',
	httpOnly: true,
	sameSite: 'strict' as const,
	secure: origin.startsWith('https:'),
	maxAge: hours * 3_600
});

/** Starts a session; answers the secret id for the cookie. */
export async function start(ctx: Context, staffId: string, language: string | null): Promise<string> {
	const secretId = ctx.ids.secret(32);
	const now = ctx.clock.now();
	await insertSession(ctx, {
		sessionId: hashOf(secretId),
		staffId,
		createdAt: instant(now),
		expiresAt: instant(after(now, hours, 'hours')),
		seenAt: instant(now),
		language
	});
	return secretId;
}

/** How old a password may be is the description's `staff.passwordDays`. */
function mustChange(ctx: Context, row: { initial: number; passwordAt: string }): MustChange | undefined {
	if (row.initial) return 'initial';
	const days = ctx.organisation.staff.passwordDays;
	return row.passwordAt <= instant(after(ctx.clock.now(), -days, 'days')) ? 'too-old' : undefined;
}

/** The session and its member; undefined when it ended, was left alone, or the member was removed. */
export async function read(
	ctx: Context,
	secretId: string
): Promise<{ session: StaffSession; member: Member } | undefined> {
	const row = await selectSession(ctx, hashOf(secretId.slice(0, 100)));
	const now = ctx.clock.now();
	if (!row || row.state !== 'active' || row.expiresAt <= instant(now)) return undefined;
	if (row.seenAt <= instant(after(now, -idleMinutes, 'minutes'))) return undefined;
	// To the minute: a look at a page should not cost a write.
	if (row.seenAt < instant(after(now, -1, 'minutes'))) await updateSeen(ctx, row.sessionId, instant(now));
	return {
		session: { id: row.sessionId, language: row.language, mustChange: mustChange(ctx, row) },
		member: { id: row.staffId, name: row.name, role: row.role }
	};
}

export const end = (ctx: Context, sessionId: string): Promise<void> => deleteSession(ctx, sessionId);

/** `?lang=` lasts for the session. */
export const rememberLanguage = (ctx: Context, sessionId: string, language: string): Promise<void> =>
	updateSessionLanguage(ctx, sessionId, language);

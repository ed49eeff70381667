// Lucia's adapter over Kysely: session ids are hashed at rest, and its clock is set to ours.
import { hash } from 'node:crypto';
import type { Adapter, DatabaseSession, DatabaseUser, Lucia } from 'lucia';
import type { Context } from '../context.ts';
import { instant, systemClock } from '../platform/clock.ts';
import type { PersonTable } from '../schema.ts';
import {
	deleteSession,
	deleteSessionsOf,
	insertSession,
	selectSession,
	selectSessionsOf,
	updateExpiry
} from './queries.ts';

export interface SessionAttributes {
	createdAt: string;
	seenAt: string;
	provedAt: string | null;
	language: string | null;
	sealed: Buffer;
}

declare module 'lucia' {
	interface Register {
		Lucia: Lucia<{ attributes: SessionAttributes }, { row: PersonTable }>;
		DatabaseSessionAttributes: SessionAttributes;
		DatabaseUserAttributes: PersonTable;
	}
}

export const hashOf = (sessionId: string): string => hash('sha256', sessionId, 'base64url');

/** Lucia reads the machine's clock; what is stored follows ours, so that a moved clock moves sessions too. */
const toOurs = (ctx: Context, date: Date) =>
	instant(new Date(date.getTime() - systemClock.now().getTime() + ctx.clock.now().getTime()));
const toLucias = (ctx: Context, at: string) =>
	new Date(Date.parse(at) - ctx.clock.now().getTime() + systemClock.now().getTime());

export function sessionStore(ctx: Context): Adapter {
	const toDatabaseSession = (
		id: string,
		row: SessionAttributes & { personId: string; expiresAt: string }
	): DatabaseSession => {
		const { createdAt, seenAt, provedAt, language, sealed } = row;
		return {
			id,
			userId: row.personId,
			expiresAt: toLucias(ctx, row.expiresAt),
			attributes: { createdAt, seenAt, provedAt, language, sealed }
		};
	};
	return {
		getSessionAndUser: async (id) => {
			const row = await selectSession(ctx, hashOf(id));
			if (!row) return [null, null];
			const user: DatabaseUser = { id: row.person.personId, attributes: row.person };
			return [toDatabaseSession(id, row.session), user];
		},
		getUserSessions: async (personId) =>
			(await selectSessionsOf(ctx, personId)).map((row) => toDatabaseSession(row.sessionId, row)),
		setSession: async ({ id, userId, expiresAt, attributes }) => {
			await insertSession(ctx, {
				sessionId: hashOf(id),
				personId: userId,
				expiresAt: toOurs(ctx, expiresAt),
				...attributes
			});
		},
		updateSessionExpiration: async (id, expiresAt) => {
			await updateExpiry(ctx, hashOf(id), toOurs(ctx, expiresAt));
		},
		deleteSession: async (id) => {
			await deleteSession(ctx, hashOf(id));
		},
		deleteUserSessions: async (personId) => {
			await deleteSessionsOf(ctx, personId);
		},
		deleteExpiredSessions: async () => undefined
	};
}

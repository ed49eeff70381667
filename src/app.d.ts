import type { Person, Session } from '$lib/server/accounts/accounts';
import type { Context } from '$lib/server/context';
import type { Conflict } from '$lib/server/objections/signal';
import type { Member, sessions } from '$lib/server/staff/staff';
import type { Translation } from '$lib/i18n/catalogues';

declare global {
	namespace App {
		interface Locals {
			ctx: Context;
			/** Aborted when the process is told to stop: an answer that would last ends then. */
			closing: AbortSignal;
			translation: Translation;
			/** Whoever is signed in, on every page. */
			visitor: Person | undefined;
			/** The signed-in person; reading it on a page that strangers reach is a bug and throws. */
			readonly person: Person;
			readonly session: Session;
			/** The signed-in staff member, on the pages of staff alone. */
			staff: { member: Member; session: sessions.StaffSession } | undefined;
			/** Whether the browser sends Global Privacy Control. */
			gpc: boolean;
			/** What the visitor allows although their browser says otherwise, and was not asked about yet. */
			conflicts: readonly Conflict[];
			/** Whether the request ended because the person's erasure has begun. */
			isLocked: boolean;
			/** The address the request came from, forwarded headers believed only from trusted proxies. */
			address: string;
		}
		interface Error {
			message: string;
			/** A code whose sentence stands at `errors:page.<code>`. */
			code?: string;
			correlationId?: string;
		}
	}
}

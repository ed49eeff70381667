// Promise: a staff member is made, given a new password and removed by the operator alone, and each of it is written down.
import { hashPassword } from '../accounts/accounts.ts';
import type { Context } from '../context.ts';
import { instant } from '../platform/clock.ts';
import { isTaken } from '../platform/database/conflict.ts';
import { transaction } from '../platform/database/transaction.ts';
import type { StaffMemberTable, StaffRole } from '../schema.ts';
import { log } from './log.ts';
import { roles } from './permissions.ts';
import { deleteSessionsOf, insertMember, sealHash, selectMembers, updateMember } from './queries.ts';

export type Member = Pick<StaffMemberTable, 'id' | 'name' | 'role'>;

export interface NewMember {
	/** What they sign in with: `[a-z][a-z0-9-]{2,39}`. */
	id: string;
	/** For colleagues; people read the id. */
	name: string;
	role: string;
	/** Where it is given it need not be changed: for the demonstration. */
	password?: string;
}

type MemberRefusal = 'staff-id-invalid' | 'staff-id-taken' | 'name-invalid' | 'staff-role-unknown';

const isRole = (role: string): role is StaffRole => (roles as string[]).includes(role);

function problemOf({ id, name, role }: NewMember): MemberRefusal | undefined {
	if (!/^[a-z][a-z0-9-]{2,39}$/.test(id)) return 'staff-id-invalid';
	if (!/^[\p{L}\p{N}][\p{L}\p{M}\p{N} .'’-]{0,59}$/u.test(name)) return 'name-invalid';
	return isRole(role) ? undefined : 'staff-role-unknown';
}

/**
 * Adds a member with a one-time password of 24 characters, which they have to change at once. Refuses `staff-id-invalid`,
 * `staff-id-taken` (also by somebody removed: the log speaks of them), `name-invalid`, `staff-role-unknown`.
 */
export async function add(
	ctx: Context,
	given: NewMember
): Promise<{ id: string; password: string } | { refused: MemberRefusal }> {
	const refused = problemOf(given);
	if (refused) return { refused };
	const password = given.password ?? ctx.ids.secret(18);
	const hash = await hashPassword(password);
	const now = instant(ctx.clock.now());
	const { id, name, role } = given;
	const kept = { hash: sealHash(ctx, id, hash), passwordAt: now };
	const member = { id, name, role: role as StaffRole, state: 'active' as const, ...kept };
	try {
		await transaction(ctx, async (ctx) => {
			await insertMember(ctx, { ...member, initial: given.password ? 0 : 1, createdAt: now });
			await log(ctx, id, 'added');
		});
	} catch (error) {
		if (isTaken(error)) return { refused: 'staff-id-taken' };
		throw error;
	}
	return { id, password };
}

/** The member's sessions end at once, and nobody signs in as them again. Refuses `staff-unknown`. */
export const remove = (ctx: Context, id: string): Promise<{ removed: true } | { refused: 'staff-unknown' }> =>
	transaction(ctx, async (ctx) => {
		if (!(await updateMember(ctx, id, { state: 'removed', hash: Buffer.alloc(0) })))
			return { refused: 'staff-unknown' as const };
		await deleteSessionsOf(ctx, id);
		await log(ctx, id, 'removed');
		return { removed: true as const };
	});

/** A new one-time password; every session ends. Refuses `staff-unknown`. */
export async function reset(
	ctx: Context,
	id: string
): Promise<{ password: string } | { refused: 'staff-unknown' }> {
	const password = ctx.ids.secret(18);
	const hash = await hashPassword(password);
	return transaction(ctx, async (ctx) => {
		const passwordAt = instant(ctx.clock.now());
		if (!(await updateMember(ctx, id, { hash: sealHash(ctx, id, hash), passwordAt, initial: 1 })))
			return { refused: 'staff-unknown' as const };
		await deleteSessionsOf(ctx, id);
		await log(ctx, id, 'reset');
		return { password };
	});
}

/** Everybody, those removed too, by id. */
export const list = (ctx: Context) => selectMembers(ctx);

/** Who may be tried at the demonstration's sign-in for staff; nobody outside the demonstration. */
export const demonstrationStaff = async (ctx: Context): Promise<Member[]> =>
	ctx.settings.demonstration ? (await list(ctx)).filter(({ state }) => state === 'active') : [];

// Promise: what a staff member may do follows from their role alone, and what no role names nobody may.
import type { StaffRole } from '../schema.ts';

/** `look`: who somebody is, and how much is held about them. `values`: what the profile says. */
export type Permission = 'look' | 'values';

const permissions: Readonly<Record<StaffRole, readonly Permission[]>> = {
	officer: ['look', 'values'],
	agent: ['look']
};

export const roles = Object.keys(permissions) as StaffRole[];

export const may = ({ role }: { role: StaffRole }, permission: Permission): boolean =>
	permissions[role].includes(permission);

// Promise: what a staff member may do follows from their role alone, and what no role names nobody may.
import type { StaffRole } from '../schema.ts';

/**
 * `look`: who somebody is, and how much is held about them. `values`: what the profile says. `requests`: read and answer
 * what people ask, and write down what they ask by phone or letter. `decide-requests`: grant, refuse, postpone.
 * `policies`: see who was told of a change. `incidents`: record a breach, and tell those whom it concerns.
 * `controls`: write down what was done by hand, such as paper that was shredded. `correct`: see what is contested, and decide it.
 * `replies`: read what people wrote back to a message, and say whether it was a stop.
 * `sources`: see how systems outside are, and switch one off.
 * `deliveries`: see how many messages did not arrive, and send one once more.
 */
export type Permission =
	| 'look'
	| 'values'
	| 'requests'
	| 'decide-requests'
	| 'policies'
	| 'incidents'
	| 'families'
	| 'correct'
	| 'replies'
	| 'deliveries'
	| 'sources'
	| 'controls';

const permissions: Readonly<Record<StaffRole, readonly Permission[]>> = {
	officer: [
		'look',
		'values',
		'correct',
		'requests',
		'decide-requests',
		'policies',
		'incidents',
		'families',
		'replies',
		'deliveries',
		'sources',
		'controls'
	],
	agent: ['look', 'requests', 'replies']
};

export const roles = Object.keys(permissions) as StaffRole[];

/** A role that this version does not know, such as one of a newer one's database, may nothing. */
export const may = ({ role }: { role: StaffRole }, permission: Permission): boolean =>
	(permissions as Partial<typeof permissions>)[role]?.includes(permission) ?? false;

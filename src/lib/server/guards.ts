// Who may reach what: one rule a route group. A route of no group here is not reachable (tests/architecture checks it).

export interface Guard {
	/** Reads the session cookie. */
	session: boolean;
	/** Needs a signed-in person. */
	person: boolean;
	/** `reads` the cookie of staff, or `needs` a signed-in member; such routes never read a person's. */
	staff?: 'reads' | 'needs';
	/** `allowed` for machines that post without an Origin; such routes never read cookies. */
	crossSite: 'refused' | 'allowed';
}

const everyone: Guard = { session: true, person: false, crossSite: 'refused' };
const person: Guard = { session: true, person: true, crossSite: 'refused' };
const staffAtTheDoor: Guard = { session: false, person: false, staff: 'reads', crossSite: 'refused' };
const staff: Guard = { session: false, person: false, staff: 'needs', crossSite: 'refused' };
const machine: Guard = { session: false, person: false, crossSite: 'allowed' };

/** Longest prefix wins. */
const rules: readonly [string, Guard][] = [
	['/(public)/unsubscribe', machine],
	['/(public)', everyone],
	['/(person)', person],
	['/(staff)/staff/sign-in', staffAtTheDoor],
	['/(staff)/staff/sign-out', staffAtTheDoor],
	['/(staff)', staff],
	['/api', machine],
	['/webhooks', machine],
	['/drp', machine],
	['/health', machine],
	['/.well-known', machine],
	['/theme.css', machine],
	['/logo.svg', machine]
];

/** The rule of a route; undefined where there is none, and then nothing is served. */
export const guardOf = (routeId: string | null): Guard | undefined =>
	routeId === null
		? everyone
		: rules.find(([prefix]) => routeId === prefix || routeId.startsWith(`${prefix}/`))?.[1];

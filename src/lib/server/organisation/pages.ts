// Promise: a page that a description points to is one that the portal has.

const pages = [
	'/',
	'/activity',
	'/contact',
	'/cookies',
	'/corrections',
	'/data',
	'/export',
	'/incidents',
	'/family',
	'/messages',
	'/partners',
	'/policy',
	'/profile',
	'/profile/visibility',
	'/promises',
	'/purposes',
	'/recover',
	'/report',
	'/requests',
	'/security',
	'/sharing',
	'/consents',
	'/sign-in',
	'/withdrawal'
];

/** The addresses that a promise may name, with the described categories and partners. */
export function knownPages(categories: Iterable<string>, partners: Iterable<string>): string[] {
	return [...pages, ...under('/data/', categories), ...under('/sharing/', partners)];
}

function under(prefix: string, ids: Iterable<string>): string[] {
	return Array.from(ids, (id) => prefix + id);
}

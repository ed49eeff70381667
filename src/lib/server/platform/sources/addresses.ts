// Promise: the addresses of systems outside stand in one setting, which holds passwords and so is never shown.

const kinds: Record<string, 'sql' | 'http'> = {
	postgres: 'sql',
	postgresql: 'sql',
	mysql: 'sql',
	mariadb: 'sql',
	sqlite: 'sql',
	http: 'http',
	https: 'http'
};

/** What an address leads to; undefined where it is none of ours. */
export const kindOf = (address: string): 'sql' | 'http' | undefined =>
	kinds[/^([a-z]+):./.exec(address)?.[1] ?? ''];

/** What is percent-encoded in it has to be so throughout: a `%` of a password is `%25`. */
function isReadable(address: string): boolean {
	try {
		const { username, password, pathname } = new URL(address);
		return [username, password, pathname].every((part) => decodeURIComponent(part) !== undefined);
	} catch {
		return false;
	}
}

/** `shop=postgres://… crm=https://…` by id; undefined where a part of it is no address, or an id stands there twice. */
export function addressesOf(text: string): Record<string, string> | undefined {
	const addresses: Record<string, string> = {};
	for (const part of text.split(/\s+/).filter(Boolean)) {
		const [, id, address = ''] = /^([a-z][a-z0-9-]{0,39})=(.+)$/.exec(part) ?? [];
		if (!id || id in addresses || !kindOf(address)) return undefined;
		if (!address.startsWith('sqlite:') && !isReadable(address)) return undefined;
		addresses[id] = address;
	}
	return addresses;
}

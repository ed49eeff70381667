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

/** `shop=postgres://… crm=https://…` by id; undefined where a part of it is no address, or an id stands there twice. */
export function addressesOf(text: string): Record<string, string> | undefined {
	const addresses: Record<string, string> = {};
	for (const part of text.split(/\s+/).filter(Boolean)) {
		const [, id, address = ''] = /^([a-z][a-z0-9-]{0,39})=(.+)$/.exec(part) ?? [];
		if (!id || id in addresses || !kindOf(address)) return undefined;
		if (!address.startsWith('sqlite:') && !URL.canParse(address)) return undefined;
		addresses[id] = address;
	}
	return addresses;
}

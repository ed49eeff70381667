// Promise: a visitor's address is what a proxy that we trust says, and otherwise that of the connection.
import { BlockList, isIP } from 'node:net';

/** `::ffff:10.0.0.1` is an IPv4 address; `1.2.3.4:567` and `[::1]:567` bring a port along. */
function plain(text: string): string {
	const bare =
		/^\[([^\]]+)\](?::\d+)?$/.exec(text)?.[1] ??
		(/^[\d.]+:\d+$/.test(text) ? (text.split(':')[0] as string) : text);
	return /^::ffff:([\d.]+)$/i.exec(bare)?.[1] ?? bare;
}

const family = (address: string) => (isIP(address) === 6 ? 'ipv6' : 'ipv4');

/** Addresses and networks such as `10.0.0.0/8`; undefined when one of them is neither. */
export function networksOf(texts: readonly string[]): BlockList | undefined {
	const networks = new BlockList();
	try {
		for (const text of texts) {
			const [address = '', bits] = text.split('/');
			if (!isIP(address) || (bits !== undefined && !/^\d{1,3}$/.test(bits))) return undefined;
			if (bits === undefined) networks.addAddress(address, family(address));
			else networks.addSubnet(address, Number(bits), family(address));
		}
	} catch {
		return undefined;
	}
	return networks;
}

/** Whether an address lies in one of these addresses and networks; an address that is none lies nowhere. */
export function isWithin(texts: readonly string[], address: string): boolean {
	const bare = plain(address);
	return isIP(bare) !== 0 && (networksOf(texts)?.check(bare, family(bare)) ?? false);
}

/**
 * The address that asks: from the connection's own end back through `X-Forwarded-For`, the first that is no trusted proxy.
 * What stands further to the left anybody may have written.
 */
export function visitorAddress(peer: string, forwarded: string | null, trusted: BlockList): string {
	let address = plain(peer);
	for (const text of (forwarded ?? '').split(',').reverse()) {
		const next = plain(text.trim());
		if (!isIP(next) || !trusted.check(address, family(address))) break;
		address = next;
	}
	return address;
}

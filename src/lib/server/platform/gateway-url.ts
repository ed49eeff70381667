// Promise: one address says where text messages are given, in which shape, and as whom; a wrong one stops the start.

export type Gateway = {
	/** Without the credentials. */
	address: string;
	/** The header that goes with every call. */
	authorization: string | undefined;
} & (
	| { shape: 'json' }
	/** A form with `To`, `From`, `Body`; the number or the messaging service that writes. */
	| { shape: 'twilio'; sender: { From: string } | { MessagingServiceSid: string } }
);

function authorizationOf({ username, password }: URL): string | undefined {
	if (!username) return undefined;
	const both = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
	return `Basic ${Buffer.from(both).toString('base64')}`;
}

function withoutCredentials(url: URL): string {
	const bare = new URL(url);
	bare.username = '';
	bare.password = '';
	return bare.href;
}

/** In a query a plus stands for a blank; a number begins with it all the same. */
function senderOf(from: string): { From: string } | { MessagingServiceSid: string } | undefined {
	const name = from.replace(/^ /, '+');
	if (/^MG[0-9a-f]{32}$/i.test(name)) return { MessagingServiceSid: name };
	return /^(\+[1-9]\d{5,14}|\d{3,8}|(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11})$/.test(name)
		? { From: name }
		: undefined;
}

function twilio(url: URL): Gateway | undefined {
	const sender = senderOf(url.searchParams.get('from') ?? '');
	const authorization = authorizationOf(url);
	if (!sender || !authorization || !url.password) return undefined;
	url.searchParams.delete('from');
	if (url.pathname === '/') url.pathname = `/2010-04-01/Accounts/${url.username}/Messages.json`;
	return { shape: 'twilio', address: withoutCredentials(url), authorization, sender };
}

/**
 * `https://[name:password@]host/path` takes JSON; `twilio+https://SID:TOKEN@host[/path]?from=<number or service>` takes Twilio's
 * form. Undefined for anything else.
 */
export function gatewayOf(text: string): Gateway | undefined {
	const [, shape, address = ''] = /^(twilio\+)?(https?:\/\/.+)$/.exec(text) ?? [];
	try {
		const url = new URL(address);
		if (shape) return twilio(url);
		return { shape: 'json', address: withoutCredentials(url), authorization: authorizationOf(url) };
	} catch {
		// No address, or a name or password with a percent sign that stands for nothing.
		return undefined;
	}
}

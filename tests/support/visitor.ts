// A visitor of a running portal without a browser: keeps the session's cookie, follows nothing, reads Korean.
import type { RunningPortal } from './running-portal.ts';

export interface Answered {
	status: number;
	type: string | null;
	location: string | null;
	text: string;
}

export interface Visitor {
	get(path: string): Promise<Answered>;
	/** An answer of which nothing was read yet. */
	open(path: string): Promise<Response>;
	post(path: string, fields: Record<string, string>): Promise<Answered>;
}

export function visitorOf({ address }: Pick<RunningPortal, 'address'>): Visitor {
	const cookies = new Map<string, string>();
	const open = async (path: string, more: RequestInit = {}): Promise<Response> => {
		const headers = {
			Accept: 'text/html',
			'Accept-Language': 'ko',
			Cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
			...more.headers
		};
		const answer = await fetch(address + path, { ...more, redirect: 'manual', headers });
		for (const line of answer.headers.getSetCookie()) {
			const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
			cookies.set(name, value);
		}
		return answer;
	};
	const ask = async (path: string, more: RequestInit): Promise<Answered> => {
		const answer = await open(path, more);
		const { status, headers: told } = answer;
		const text = await answer.text();
		return { status, type: told.get('content-type'), location: told.get('location'), text };
	};
	return {
		get: (path) => ask(path, {}),
		open: (path) => open(path),
		post: (path, fields) =>
			ask(path, { method: 'POST', headers: { Origin: address }, body: new URLSearchParams(fields) })
	};
}

/** Somebody of the demonstration, signed in. */
export async function signedIn(portal: RunningPortal, identifier: string): Promise<Visitor> {
	const visitor = visitorOf(portal);
	const { status } = await visitor.post('/sign-in', { identifier, password: 'demonstration-only' });
	if (status !== 303) throw new Error(`${identifier} was not let in: ${status}`);
	return visitor;
}

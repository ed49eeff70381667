// A cookie that carries somebody who is not signed in yet from step to step; sealed, and the same whether or not there is an account.
import type { RequestEvent } from '@sveltejs/kit';

type Event = Pick<RequestEvent, 'cookies' | 'locals'>;

/** For the pages under `path` alone, for ten minutes. */
export function flowCookie(name: string, path: string) {
	const secure = ({ locals }: Event) => locals.ctx.settings.origin.startsWith('https:');
	return {
		of: ({ cookies }: Event): string | undefined => cookies.get(name),
		set: (event: Event, flow: string): void =>
			event.cookies.set(name, flow, {
				path,
				httpOnly: true,
				sameSite: 'lax',
				secure: secure(event),
				maxAge: 600
			}),
		delete: (event: Event): void => event.cookies.delete(name, { path, secure: secure(event) })
	};
}

/** The address of a step, with where to go in the end. */
export const stepAddress = (path: string, next: string): string =>
	next === '/' ? path : `${path}?${new URLSearchParams({ next })}`;

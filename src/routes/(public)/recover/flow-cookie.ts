// The cookie that carries a recovery from step to step; sealed, and the same whether or not there is an account.
import type { RequestEvent } from '@sveltejs/kit';

const name = 'recovery';
const path = '/recover';

type Event = Pick<RequestEvent, 'cookies' | 'locals'>;

export const flowOf = ({ cookies }: Event): string | undefined => cookies.get(name);

export function setFlow({ cookies, locals }: Event, flow: string): void {
	const secure = locals.ctx.settings.origin.startsWith('https:');
	cookies.set(name, flow, { path, httpOnly: true, sameSite: 'lax', secure, maxAge: 600 });
}

export const deleteFlow = ({ cookies, locals }: Event): void =>
	cookies.delete(name, { path, secure: locals.ctx.settings.origin.startsWith('https:') });

/** The address of a step, with where to go in the end. */
export const stepAddress = (step: '' | '/code' | '/password', next: string): string =>
	`/recover${step}${next === '/' ? '' : `?${new URLSearchParams({ next })}`}`;

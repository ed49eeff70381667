// Promise: "ready" means that the database answers now.
import type { Context } from './context.ts';
import { ping } from './platform/database/open.ts';

export async function isReady({ db }: Pick<Context, 'db'>): Promise<boolean> {
	return ping(db as never).then(
		() => true,
		() => false
	);
}
